/* A light client of many WebSockets: opens them, reads what comes, counts it and stamps its arrival.

   client --port P --sockets N [--path P | --paths FILE] [--hello TEXT | --hellos FILE] [--protocol NAME]
          [--ack-s S] [--stall K] [--hidden K] [--colyseus] [--at-once K] [--every-ms M]

   Prints one line of JSON when every socket has had its first message, and one for each line read from stdin: "begin"
   counts from zero, "end" says what came since, "ack" lets all acknowledge every 5 s from now on. It ends with its stdin.
   FILE has one line a socket, from the first again when there are fewer. The first K stall: they never read again after
   their first message; the next K say that they are hidden. --every-ms: looks only so often, and is never woken by what
   comes, as viewers on other machines are not: what a wake costs is the sender's. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 14, KEPT = 160, READ_BYTES = 1 << 18, EVENTS = 512, CODES = 5000 };

typedef enum { HANDSHAKE, WAITING, OPEN, GONE } Phase;

typedef struct {
    int fd;
    Phase phase;
    int matched;            /* of the blank line that ends the handshake's answer */
    char status[16];
    int status_have;
    uint8_t head[HEAD_MAX];
    int head_have;
    uint64_t left;          /* of the payload that is being read */
    int opcode;
    char kept[KEPT + 1];    /* the beginning of the payload */
    int kept_have;
    int64_t base_us;        /* tick 0 on the wall clock, from the last keyframe */
    int64_t seq;            /* the newest frame; -1 before the first */
    int64_t ack_us;
    int stalled, hidden;
} Viewer;

static struct {
    int64_t messages, frames, keyframes, clocks, bytes, gaps, due, late_count;
    int64_t from_us;
} seen;

static Viewer *viewers;
static int sockets = 1, port, stall, hidden, colyseus, opened, ready, gone, at_once = 128, every_ms, poller;
static double ack_s;
static const char *path = "/live", *protocol = "", *hello = "";
static char **paths, **hellos;
static int paths_count, hellos_count;
static uint32_t *late_us;
static int64_t late_room;
static int codes[CODES];
static char *buffer;

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static char **lines_of(const char *name, int *count) {
    FILE *file = fopen(name, "r");
    if (!file) fail(name);
    char **lines = NULL, *line = NULL;
    size_t room = 0;
    ssize_t size;
    while ((size = getline(&line, &room, file)) > 0) {
        if (line[size - 1] == '\n') line[size - 1] = 0;
        lines = realloc(lines, sizeof(char *) * (*count + 1));
        lines[(*count)++] = strdup(line);
    }
    free(line);
    fclose(file);
    return lines;
}

/* A masked message; the mask is nought, so the payload goes as it is. */
static void say(Viewer *viewer, int opcode, const void *payload, size_t size) {
    uint8_t out[4096];
    size_t at = 0;
    if (size > sizeof out - HEAD_MAX) size = sizeof out - HEAD_MAX;
    out[at++] = 0x80 | opcode;
    if (size < 126) {
        out[at++] = 0x80 | size;
    } else {
        out[at++] = 0x80 | 126;
        out[at++] = size >> 8;
        out[at++] = size & 255;
    }
    memset(out + at, 0, 4);
    at += 4;
    memcpy(out + at, payload, size);
    if (send(viewer->fd, out, at + size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) viewer->ack_us = INT64_MAX;
}

static void say_text(Viewer *viewer, const char *text) { say(viewer, 1, text, strlen(text)); }

static void connect_one(int number) {
    Viewer *viewer = &viewers[number];
    viewer->seq = -1;
    viewer->ack_us = INT64_MAX;
    viewer->stalled = number < stall;
    viewer->hidden = number >= stall && number < stall + hidden;
    viewer->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (viewer->fd < 0) fail("socket");
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(viewer->fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
    int on = 1;
    setsockopt(viewer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(viewer->fd, F_SETFL, O_NONBLOCK);
    char request[2048];
    int size = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
        paths_count ? paths[number % paths_count] : path, port, *protocol ? "Sec-WebSocket-Protocol: " : "",
        protocol, *protocol ? "\r\n" : "");
    if (send(viewer->fd, request, size, MSG_NOSIGNAL) != size) fail("send");
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, viewer->fd, &event) < 0) fail("epoll_ctl");
}

static void leave(Viewer *viewer, int code) {
    if (viewer->phase == GONE) return;
    if (viewer->phase != OPEN) ready++;
    viewer->phase = GONE;
    gone++;
    codes[code > 0 && code < CODES ? code : 0]++;
    close(viewer->fd);
}

static void acknowledge_later(Viewer *viewer) {
    viewer->ack_us = now_us() + (int64_t)((rand() % 1000) / 1000.0 * ack_s * 1e6);
}

static void welcome(Viewer *viewer) {
    if (viewer->phase != WAITING) return;
    viewer->phase = OPEN;
    ready++;
    if (viewer->hidden) say_text(viewer, "{\"type\":\"level\",\"value\":\"hidden\"}");
    if (ack_s > 0) acknowledge_later(viewer);
    if (viewer->stalled) epoll_ctl(poller, EPOLL_CTL_DEL, viewer->fd, NULL);
}

static int64_t number_at(const char *text, const char *key) {
    const char *found = strstr(text, key);
    return found ? strtoll(found + strlen(key), NULL, 10) : -1;
}

static void note_late(int64_t late) {
    if (seen.late_count == late_room) {
        late_room = late_room ? late_room * 2 : 1 << 20;
        late_us = realloc(late_us, late_room * sizeof *late_us);
    }
    late_us[seen.late_count++] = late < 0 ? 0 : late;
}

static void on_frame(Viewer *viewer, int64_t at_us) {
    int64_t seq = number_at(viewer->kept, "\"seq\":"), tick = number_at(viewer->kept, "\"tick\":");
    if (viewer->seq >= 0 && seq > viewer->seq) seen.due += seq - viewer->seq;
    if (!strncmp(viewer->kept, "{\"type\":\"keyframe\"", 18)) {
        viewer->base_us = number_at(viewer->kept, "\"now\":") * 1000 - tick * 100000;
        viewer->seq = seq;
        seen.keyframes++;
        return;
    }
    seen.frames++;
    if (viewer->seq >= 0 && seq != viewer->seq + 1) seen.gaps++;
    viewer->seq = seq;
    if (viewer->base_us) note_late(at_us - viewer->base_us - tick * 100000);
}

static void on_message(Viewer *viewer, int64_t at_us) {
    viewer->kept[viewer->kept_have] = 0;
    if (viewer->opcode == 9) { say(viewer, 10, viewer->kept, viewer->kept_have); return; }
    if (viewer->opcode == 8) {
        int code = viewer->kept_have >= 2 ? (uint8_t)viewer->kept[0] << 8 | (uint8_t)viewer->kept[1] : 0;
        leave(viewer, code);
        return;
    }
    seen.messages++;
    if (viewer->opcode == 1) {
        if (!strncmp(viewer->kept, "{\"type\":\"diff\"", 14) || !strncmp(viewer->kept, "{\"type\":\"keyframe\"", 18))
            on_frame(viewer, at_us);
        else if (!strncmp(viewer->kept, "{\"type\":\"clock\"", 15))
            seen.clocks++;
        /* hello is not enough: a viewer is there once it holds a state */
        if (viewer->seq >= 0 || strncmp(viewer->kept, "{\"type\":\"hello\"", 15)) welcome(viewer);
    } else {
        if (colyseus && viewer->phase == WAITING && viewer->kept[0] == 10) say(viewer, 2, "\x0a", 1);
        welcome(viewer);
    }
}

static void on_handshake(Viewer *viewer, const char **data, const char *end) {
    static const char blank[] = "\r\n\r\n";
    while (*data < end && viewer->matched < 4) {
        char byte = *(*data)++;
        if (viewer->status_have < 15) viewer->status[viewer->status_have++] = byte;
        viewer->matched = byte == blank[viewer->matched] ? viewer->matched + 1 : byte == '\r';
    }
    if (viewer->matched < 4) return;
    if (strncmp(viewer->status, "HTTP/1.1 101", 12)) { leave(viewer, atoi(viewer->status + 9)); return; }
    viewer->phase = WAITING;
    int number = viewer - viewers;
    const char *text = hellos_count ? hellos[number % hellos_count] : hello;
    if (*text) say_text(viewer, text);
}

static int head_needs(const Viewer *viewer) {
    if (viewer->head_have < 2) return 2;
    int size = viewer->head[1] & 127;
    return size == 126 ? 4 : size == 127 ? 10 : 2;
}

static void on_head(Viewer *viewer) {
    int size = viewer->head[1] & 127, from = 2, to = head_needs(viewer);
    viewer->left = to == 2 ? (uint64_t)size : 0;
    for (; from < to; from++) viewer->left = viewer->left << 8 | viewer->head[from];
    viewer->opcode = viewer->head[0] & 15;
    viewer->kept_have = 0;
    seen.bytes += to;
}

static void on_bytes(Viewer *viewer, const char *data, const char *end, int64_t at_us) {
    if (viewer->phase == HANDSHAKE) on_handshake(viewer, &data, end);
    while (viewer->phase != GONE && viewer->phase != HANDSHAKE) {
        int needs = head_needs(viewer);
        if (viewer->head_have < needs) {
            if (data == end) return;
            viewer->head[viewer->head_have++] = *data++;
            if (viewer->head_have == head_needs(viewer)) on_head(viewer);
            else continue;
        }
        size_t size = (size_t)(end - data) < viewer->left ? (size_t)(end - data) : viewer->left;
        size_t keep = KEPT - viewer->kept_have < (int)size ? (size_t)(KEPT - viewer->kept_have) : size;
        memcpy(viewer->kept + viewer->kept_have, data, keep);
        viewer->kept_have += keep;
        data += size;
        viewer->left -= size;
        seen.bytes += size;
        if (viewer->left) return;
        viewer->head_have = 0;
        on_message(viewer, at_us);
        if (data == end) return;
    }
}

static void on_readable(Viewer *viewer) {
    if (viewer->phase == GONE) return;
    ssize_t size = recv(viewer->fd, buffer, READ_BYTES, 0);
    if (size > 0) on_bytes(viewer, buffer, buffer + size, now_us());
    else if (size == 0 || (errno != EAGAIN && errno != EINTR)) leave(viewer, 0);
}

static void acknowledge(int64_t now) {
    for (int number = 0; number < opened; number++) {
        Viewer *viewer = &viewers[number];
        if (viewer->phase != OPEN || viewer->ack_us > now || viewer->stalled) continue;
        char text[64];
        snprintf(text, sizeof text, "{\"type\":\"ack\",\"seq\":%lld}", (long long)(viewer->seq < 0 ? 0 : viewer->seq));
        viewer->ack_us = now + (int64_t)(ack_s * 1e6);
        say_text(viewer, text);
    }
}

static int ascending(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

static double late_ms(double part) {
    if (!seen.late_count) return -1;
    int64_t at = (int64_t)(part * seen.late_count);
    return late_us[at >= seen.late_count ? seen.late_count - 1 : at] / 1000.0;
}

static void report(void) {
    qsort(late_us, seen.late_count, sizeof *late_us, ascending);
    printf("{\"seconds\":%.6f,\"deliveries\":%lld,\"frames\":%lld,\"keyframes\":%lld,\"clocks\":%lld,\"bytes\":%lld,"
           "\"gaps\":%lld,\"due\":%lld,\"gone\":%d,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"codes\":{",
           (now_us() - seen.from_us) / 1e6, (long long)seen.messages, (long long)seen.frames,
           (long long)seen.keyframes, (long long)seen.clocks, (long long)seen.bytes, (long long)seen.gaps,
           (long long)seen.due, gone,
           late_ms(0.5), late_ms(0.99), late_ms(1));
    const char *comma = "";
    for (int code = 0; code < CODES; code++)
        if (codes[code]) { printf("%s\"%d\":%d", comma, code, codes[code]); comma = ","; }
    printf("}}\n");
    fflush(stdout);
}

/* Returns 0 at the end of stdin. */
static int on_order(void) {
    char order[256];
    ssize_t size = read(0, order, sizeof order - 1);
    if (size <= 0) return 0;
    order[size] = 0;
    if (strstr(order, "begin")) {
        memset(&seen, 0, sizeof seen);
        seen.from_us = now_us();
        printf("{\"begun\":true}\n");
        fflush(stdout);
    }
    if (strstr(order, "end")) report();
    if (strstr(order, "ack")) {
        ack_s = 5;
        for (int number = 0; number < opened; number++) acknowledge_later(&viewers[number]);
    }
    return 1;
}

static void read_options(int count, char **words) {
    for (int at = 1; at < count; at++) {
        const char *word = words[at];
        if (!strcmp(word, "--colyseus")) { colyseus = 1; continue; }
        if (at + 1 == count) { fprintf(stderr, "expected a value after %s\n", word); exit(2); }
        const char *value = words[++at];
        if (!strcmp(word, "--port")) port = atoi(value);
        else if (!strcmp(word, "--sockets")) sockets = atoi(value);
        else if (!strcmp(word, "--path")) path = value;
        else if (!strcmp(word, "--paths")) paths = lines_of(value, &paths_count);
        else if (!strcmp(word, "--hello")) hello = value;
        else if (!strcmp(word, "--hellos")) hellos = lines_of(value, &hellos_count);
        else if (!strcmp(word, "--protocol")) protocol = value;
        else if (!strcmp(word, "--ack-s")) ack_s = atof(value);
        else if (!strcmp(word, "--stall")) stall = atoi(value);
        else if (!strcmp(word, "--hidden")) hidden = atoi(value);
        else if (!strcmp(word, "--every-ms")) every_ms = atoi(value);
        else if (!strcmp(word, "--at-once")) at_once = atoi(value);
        else { fprintf(stderr, "expected an option, got %s\n", word); exit(2); }
    }
}

int main(int count, char **words) {
    read_options(count, words);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    viewers = calloc(sockets, sizeof *viewers);
    buffer = malloc(READ_BYTES);
    poller = epoll_create1(0);
    struct epoll_event orders = {.events = EPOLLIN, .data.u32 = UINT32_MAX}, events[EVENTS];
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &orders);
    int told = 0;
    int64_t acked_us = 0;
    seen.from_us = now_us();
    for (;;) {
        while (opened < sockets && opened - ready < at_once) connect_one(opened++);
        int found = epoll_wait(poller, events, EVENTS, told && every_ms ? 0 : 100);
        for (int at = 0; at < found; at++) {
            if (events[at].data.u32 != UINT32_MAX) on_readable(&viewers[events[at].data.u32]);
            else if (!on_order()) return 0;
        }
        if (told && every_ms && found < EVENTS) usleep(every_ms * 1000);
        int64_t now = now_us();
        if (ack_s > 0 && now - acked_us > 20000) { acknowledge(now); acked_us = now; }
        if (!told && ready == sockets) {
            told = 1;
            printf("{\"ready\":%d,\"gone\":%d,\"seconds\":%.3f}\n", ready - gone, gone, (now - seen.from_us) / 1e6);
            fflush(stdout);
        }
    }
}
