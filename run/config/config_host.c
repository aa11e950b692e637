/* Defaults that come from the host. */
#include "run/config/config_host.h"

#include "base/hash.h"

#include <inttypes.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WORKERS_DEFAULT_MAX 4
#define HOST_NAME_BYTES     256

static const char *format(struct gw_arena *arena, const char *text, ...)
    __attribute__((format(printf, 2, 3)));
static const char *format(struct gw_arena *arena, const char *text, ...) {
    va_list arguments, again;
    va_start(arguments, text);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, text, arguments);
    char *out = size < 0 ? NULL : gw_arena_take(arena, (size_t)size + 1);
    if (out) {
        vsnprintf(out, (size_t)size + 1, text, again);
    }
    va_end(again);
    va_end(arguments);
    return out;
}

/* The first path of a variable that may hold several with ':' between them, or NULL. */
static const char *directory_from(struct gw_arena *arena, const char *variable) {
    const char *value = getenv(variable);
    size_t size = value ? strcspn(value, ":") : 0;
    return size > 0 ? gw_arena_copy(arena, (struct gw_str){value, size}).data : NULL;
}

static const char *environment(const char *variable) {
    const char *value = getenv(variable);
    return value && value[0] ? value : NULL;
}

const char *gw_host_instance(struct gw_arena *arena) {
    char name[HOST_NAME_BYTES] = {0};
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') {
        return NULL;
    }
    return format(arena, "%s", name);
}

int gw_host_workers(void) {
    cpu_set_t set;
    int processors = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return processors < WORKERS_DEFAULT_MAX ? processors : WORKERS_DEFAULT_MAX;
}

const char *gw_host_state_dir(struct gw_arena *arena) {
    const char *given = directory_from(arena, "STATE_DIRECTORY");
    if (given) {
        return given;
    }
    if (geteuid() == 0) {
        return format(arena, "/var/lib/glosswire");
    }
    if (environment("XDG_STATE_HOME")) {
        return format(arena, "%s/glosswire", environment("XDG_STATE_HOME"));
    }
    return environment("HOME") ? format(arena, "%s/.local/state/glosswire", environment("HOME")) : NULL;
}

const char *gw_host_run_dir(struct gw_arena *arena, const char *state_dir) {
    const char *given = directory_from(arena, "RUNTIME_DIRECTORY");
    if (given) {
        return given;
    }
    uint64_t unique = gw_hash64(gw_str_from(state_dir));
    if (geteuid() == 0) {
        return format(arena, "/run/glosswire-%016" PRIx64, unique);
    }
    if (environment("XDG_RUNTIME_DIR")) {
        return format(arena, "%s/glosswire-%016" PRIx64, environment("XDG_RUNTIME_DIR"), unique);
    }
    const char *temporary = environment("TMPDIR") ? environment("TMPDIR") : "/tmp";
    return format(arena, "%s/glosswire-%lu-%016" PRIx64, temporary, (unsigned long)geteuid(), unique);
}
