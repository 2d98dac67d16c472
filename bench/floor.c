/* The floor: what a send loop in C uses for the same frames to as many sockets.

   floor FRAMES: one frame a line. Prints the port that it listens at; "go" on stdin sends a keyframe with the time to all,
   and then a frame ten times a second to each, with its head made once and one send() a socket; "halt" stops that.
   It takes any handshake (and does not prove that it read the key: clients that count do not ask), and reads what comes.
   A socket that takes no more is closed. It ends with its stdin. */

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
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS_MAX = 1 << 17, EVENTS = 512, TICK_NS = 100000000 };

static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

typedef struct { char *data; size_t size; } Message;

static Message *frames;
static int frames_count, next_frame, poller, listener, timer, count;
static int viewers[SOCKETS_MAX], place[SOCKETS_MAX];
static char greeted[SOCKETS_MAX];

static Message framed(const char *text, size_t size) {
    Message made = {.data = malloc(size + 10)};
    uint8_t *out = (uint8_t *)made.data;
    size_t at = 0;
    out[at++] = 0x81;
    if (size < 126) {
        out[at++] = size;
    } else if (size < 65536) {
        out[at++] = 126;
        out[at++] = size >> 8;
        out[at++] = size & 255;
    } else {
        out[at++] = 127;
        for (int shift = 56; shift >= 0; shift -= 8) out[at++] = (uint64_t)size >> shift & 255;
    }
    memcpy(out + at, text, size);
    made.size = at + size;
    return made;
}

static void read_frames(const char *name) {
    FILE *file = fopen(name, "r");
    if (!file) { perror(name); exit(1); }
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    while ((size = getline(&line, &room, file)) > 0) {
        frames = realloc(frames, sizeof *frames * (frames_count + 1));
        frames[frames_count++] = framed(line, size - (line[size - 1] == '\n'));
    }
    fclose(file);
}

static void drop(int fd) {
    int last = viewers[--count];
    viewers[place[fd]] = last;
    place[last] = place[fd];
    close(fd);
}

static void broadcast(const Message *message) {
    for (int at = count - 1; at >= 0; at--)
        if (send(viewers[at], message->data, message->size, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)message->size)
            drop(viewers[at]);
}

static void watch(int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

static void arrive(void) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK), on = 1;
    if (fd < 0) return;
    if (fd >= SOCKETS_MAX) { close(fd); return; }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    greeted[fd] = 0;
    place[fd] = count;
    viewers[count++] = fd;
    watch(fd);
}

static void on_readable(int fd) {
    char data[4096];
    ssize_t size = recv(fd, data, sizeof data, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN)) { drop(fd); return; }
    if (greeted[fd] || size < 0) return;
    greeted[fd] = 1;
    static const char first[] = "{\"type\":\"keyframe\",\"seq\":0,\"tick\":0,\"now\":0,\"state\":{}}";
    Message keyframe = framed(first, sizeof first - 1);
    send(fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL);
    send(fd, keyframe.data, keyframe.size, MSG_NOSIGNAL);
    free(keyframe.data);
}

static void go(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char text[160];
    int size = snprintf(text, sizeof text, "{\"type\":\"keyframe\",\"seq\":%d,\"tick\":%d,\"now\":%lld,\"state\":{}}",
        next_frame, next_frame, (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    Message keyframe = framed(text, size);
    broadcast(&keyframe);
    free(keyframe.data);
    struct itimerspec each = {{0, TICK_NS}, {0, TICK_NS}};
    timerfd_settime(timer, 0, &each, NULL);
}

static int on_order(void) {
    char order[64];
    ssize_t size = read(0, order, sizeof order - 1);
    if (size <= 0) return 0;
    order[size] = 0;
    struct itimerspec never = {{0, 0}, {0, 0}};
    if (strstr(order, "go")) go();
    else timerfd_settime(timer, 0, &never, NULL);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 2) { fprintf(stderr, "expected: floor FRAMES\n"); return 2; }
    read_frames(argv[1]);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (bind(listener, (struct sockaddr *)&at, size) < 0 || listen(listener, 4096) < 0) { perror("listen"); return 1; }
    getsockname(listener, (struct sockaddr *)&at, &size);
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    poller = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    watch(0);
    watch(listener);
    watch(timer);
    struct epoll_event events[EVENTS];
    for (;;) {
        int found = epoll_wait(poller, events, EVENTS, -1);
        for (int n = 0; n < found; n++) {
            int fd = events[n].data.fd;
            if (fd == 0) {
                if (!on_order()) return 0;
            } else if (fd == listener) {
                arrive();
            } else if (fd == timer) {
                uint64_t passed;
                if (read(timer, &passed, sizeof passed) == sizeof passed && next_frame < frames_count)
                    broadcast(&frames[next_frame++]);
            } else {
                on_readable(fd);
            }
        }
    }
}
