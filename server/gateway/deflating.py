"""A wire whose peer may agree to permessage-deflate (RFC 7692), and what of it this house keeps to.

Towards the peer only whole messages of `deflate.py` are deflated, which are made for all; all else goes plain. From the
peer each message is inflated by itself, so a connection that says nothing keeps no window.
"""

from collections.abc import Sequence
from typing import Any

from websockets.exceptions import NegotiationError
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame
from websockets.typing import ExtensionParameter

from server.gateway.deflate import window_bits
from server.gateway.inlet import slice_bytes
from server.gateway.wire import Wire

peer_window_bits = 10
"""What is asked of a peer that can choose: a message in the midst of which it falls silent keeps a window of 1 KiB and not 32."""


class Inflow(PerMessageDeflate):
    """What peers send is inflated, up to the limit of a message; what uvicorn sends stays as it is."""

    def __init__(self, bits: int) -> None:
        # Said to keep nothing between messages either way: so it makes no compressor, and its decompressor anew.
        super().__init__(True, True, bits, window_bits)
        self.inflated = 0
        """Bytes that came out since somebody has looked."""

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        """See Extension."""
        deflated = len(frame.data)
        decoded = super().decode(frame, max_size=max_size)
        self.inflated += max(0, len(decoded.data) - deflated)
        return decoded

    def encode(self, frame: Frame) -> Frame:
        """See Extension."""
        return frame


class Offer(ServerPerMessageDeflateFactory):
    """The answer to what a peer offers: our window, and nothing kept of what it sends. Keeps nothing of any connection."""

    def __init__(self) -> None:
        super().__init__(
            client_no_context_takeover=True,
            server_max_window_bits=window_bits,
            client_max_window_bits=peer_window_bits,
            compress_settings={"memLevel": 1},  # of a compressor that is thrown away
        )

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], PerMessageDeflate]:
        """See ServerExtensionFactory. A peer that keeps less of what we send than we refer to is declined."""
        answer, agreed = super().process_request_params(params, accepted_extensions)
        if agreed.local_no_context_takeover or agreed.local_max_window_bits < window_bits:
            raise NegotiationError(f"expected a peer that keeps a window of {window_bits} bits")
        return answer, Inflow(agreed.remote_max_window_bits)


OFFERS = (Offer(),)


class DeflatingWire(Wire):
    """One connection; `deflates` says whether its peer has agreed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn.available_extensions = OFFERS
        self._inflow: Inflow | None = None

    def handle_connect(self, event: Any) -> None:
        """See WebSocketsSansIOProtocol: the handshake is answered here, and sent later."""
        super().handle_connect(event)
        for extension in self.conn.extensions:
            if isinstance(extension, Inflow):
                self._inflow, self.deflates = extension, True

    def _allowance(self, frames: int) -> bool:
        """A kilobyte that came out of nothing counts as a frame: it cost as much."""
        if self._inflow is not None:
            frames += self._inflow.inflated // slice_bytes
            self._inflow.inflated %= slice_bytes
        return super()._allowance(frames)
