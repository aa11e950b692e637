/* Structured logs: one line per event on stderr, logfmt or JSON. */
#ifndef GW_BASE_LOG_H
#define GW_BASE_LOG_H

#include "base/clock.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum gw_log_level { GW_LOG_DEBUG, GW_LOG_INFO, GW_LOG_WARN, GW_LOG_ERROR, GW_LOG_OFF };
enum gw_log_format { GW_LOG_LOGFMT, GW_LOG_JSON };

/* One key of a line. Text is escaped; invalid UTF-8 is replaced. */
struct gw_log_field {
    const char *key;
    enum { GW_LOG_TEXT, GW_LOG_INT } type;
    struct gw_str text;
    int64_t number;
};

#define GW_KS(key, terminated) ((struct gw_log_field){(key), GW_LOG_TEXT, gw_str_from(terminated), 0})
#define GW_KT(key, slice)      ((struct gw_log_field){(key), GW_LOG_TEXT, (slice), 0})
#define GW_KI(key, number)     ((struct gw_log_field){(key), GW_LOG_INT, {NULL, 0}, (int64_t)(number)})

/* Where lines go; one per process, set before threads start. `role` is "supervisor", "worker" …; `slot` is
 * the worker's number or -1. Before this, lines go to stderr as logfmt at level info. */
void gw_log_init(enum gw_log_level level, enum gw_log_format format, const char *role, int slot);

/* The longest line, its newline included: what a pipe takes in one piece (PIPE_BUF). A line that would be
 * longer loses its last fields and says so with `cut`. */
#define GW_LOG_LINE_MAX 4096

/* The most bytes of one text that are shown; an ellipsis stands for the rest. */
#define GW_LOG_VALUE_MAX 1024

/* For tests: another descriptor and another clock, which must outlive all logging. */
void gw_log_redirect(int fd, const struct gw_clock *clock);

/* At most this many lines a second from one place in the code; what was held back is counted in the next line
 * that gets through, as `suppressed`. */
#define GW_LOG_BURST 10

/* The state of one call site; zero-initialised. */
struct gw_log_site {
    int64_t window_start_ns;
    uint32_t in_window;
    uint32_t suppressed;
};

/* What GW_LOG calls. `site` may be NULL: such lines are never held back. Never fails, keeps errno, may block
 * on stderr; not for signal handlers. */
void gw_log_write(struct gw_log_site *site, enum gw_log_level level, const char *message,
                  const struct gw_log_field *fields, size_t count);

bool gw_log_enabled(enum gw_log_level level);

/* GW_LOG(GW_LOG_WARN, "message refused", GW_KS("topic", topic), GW_KI("offset", offset)); thread-safe. The
 * trailing empty field ends the list, so that a line without fields is written the same way. */
#define GW_LOG(level, message, ...)                                                                          \
    do {                                                                                                     \
        static struct gw_log_site gw_log_site_;                                                              \
        if (gw_log_enabled(level)) {                                                                         \
            const struct gw_log_field gw_log_fields_[] = {                                                   \
                __VA_ARGS__ __VA_OPT__(, ){NULL, GW_LOG_INT, {NULL, 0}, 0}};                                 \
            gw_log_write(&gw_log_site_, (level), (message), gw_log_fields_,                                  \
                         sizeof gw_log_fields_ / sizeof gw_log_fields_[0] - 1);                              \
        }                                                                                                    \
    } while (0)

#endif
