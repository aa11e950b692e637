/* Articles that kill their worker, for fault tests. */
#include "run/poison.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void crash(struct gw_str rest) {
    (void)rest;
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void fail(struct gw_str rest) {
    (void)rest;
    abort();
}

static void leave(struct gw_str rest) {
    (void)rest;
    _exit(1);
}

static void die(struct gw_str rest) {
    (void)rest;
    raise(SIGKILL);
}

static void hang(struct gw_str rest) {
    (void)rest;
    for (volatile unsigned turns = 0;; turns = turns + 1) {
    }
}

static void sleep_on(struct gw_str rest) {
    (void)rest;
    for (;;) {
        pause();
    }
}

static void crash_once(struct gw_str rest) {
    char path[4096];
    snprintf(path, sizeof path, "%.*s", (int)rest.size, rest.data);
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0) {
        crash(rest);
    }
}

static const struct {
    const char *prefix;
    void (*act)(struct gw_str rest);
} poisons[] = {
    {"poison-crash", crash}, {"poison-abort", fail},     {"poison-exit", leave},       {"poison-kill", die},
    {"poison-hang", hang},   {"poison-sleep", sleep_on}, {"poison-once:", crash_once},
};

void gw_poison_take(struct gw_str id) {
    for (size_t i = 0; id.data && i < sizeof poisons / sizeof poisons[0]; i++) {
        size_t size = strlen(poisons[i].prefix);
        if (id.size >= size && memcmp(id.data, poisons[i].prefix, size) == 0) {
            poisons[i].act(gw_str_sub(id, size, id.size));
        }
    }
}
