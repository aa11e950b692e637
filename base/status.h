/* What went wrong, whose fault it is, and where. */
#ifndef GW_BASE_STATUS_H
#define GW_BASE_STATUS_H

#include <stddef.h>

/* Whose fault a status is decides what is done about it: the input's becomes a dead letter, the peer's is
 * retried, ours stops the process with a message. */
enum gw_fault { GW_FAULT_NONE, GW_FAULT_INPUT, GW_FAULT_PEER, GW_FAULT_OURS };

/* name, fault, word (stable: it is written as `gw-reason`), what it means */
#define GW_STATUS_TABLE(X)                                                                                   \
    X(GW_OK, NONE, "ok", "success")                                                                          \
    X(GW_EMPTY, INPUT, "empty", "there is no content")                                                       \
    X(GW_TRUNCATED, INPUT, "truncated", "the input ends in the middle of a value")                           \
    X(GW_MALFORMED, INPUT, "malformed", "the input is not well formed")                                      \
    X(GW_TRAILING_BYTES, INPUT, "trailing_bytes", "there are bytes after the value")                         \
    X(GW_BAD_UTF8, INPUT, "bad_utf8", "a string is not valid UTF-8")                                         \
    X(GW_BAD_TYPE, INPUT, "bad_type", "a field has the wrong type")                                          \
    X(GW_BAD_VALUE, INPUT, "bad_value", "a field has a value that is not allowed")                           \
    X(GW_MISSING_FIELD, INPUT, "missing_field", "a required field is absent")                                \
    X(GW_DUPLICATE_KEY, INPUT, "duplicate_key", "a map has the same key twice")                              \
    X(GW_TOO_DEEP, INPUT, "too_deep", "values are nested deeper than the limit")                             \
    X(GW_TOO_LARGE, INPUT, "too_large", "the input is larger than the limit")                                \
    X(GW_TOO_MANY, INPUT, "too_many", "there are more items than the limit, or than bytes to hold them")     \
    X(GW_OUTPUT_TOO_LARGE, INPUT, "output_too_large", "the record is larger than the sink takes")            \
    X(GW_CRASHED, INPUT, "crashed", "the article killed its worker twice")                                   \
    X(GW_AGAIN, PEER, "again", "not now: the queue is full or nothing is there")                             \
    X(GW_TIMEOUT, PEER, "timeout", "the peer did not answer in time")                                        \
    X(GW_CLOSED, PEER, "closed", "the peer closed, or there is nothing more to read")                        \
    X(GW_REFUSED, PEER, "refused", "the peer refused this for good")                                         \
    X(GW_UNREACHABLE, PEER, "unreachable", "the peer cannot be reached")                                     \
    X(GW_FENCED, PEER, "fenced", "another process has taken over our identity")                              \
    X(GW_PROTOCOL, PEER, "protocol", "the peer broke the protocol")                                          \
    X(GW_BAD_CONFIG, OURS, "bad_config", "the configuration is not valid")                                   \
    X(GW_BAD_MODEL, OURS, "bad_model", "the model file is not valid")                                        \
    X(GW_NO_MEMORY, OURS, "no_memory", "out of memory, or an arena's limit was reached")                     \
    X(GW_SYSTEM, OURS, "system", "a system call failed")                                                     \
    X(GW_UNSUPPORTED, OURS, "unsupported", "this part cannot do that")                                       \
    X(GW_INTERNAL, OURS, "internal", "a defect of glosswire itself")

enum gw_status {
#define GW_STATUS_ENUM(name, fault, word, text) name,
    GW_STATUS_TABLE(GW_STATUS_ENUM)
#undef GW_STATUS_ENUM
        GW_STATUS_COUNT
};

/* The largest detail text, its terminator included; longer ones are cut at a character's border. */
#define GW_ERROR_DETAIL_MAX 256

/* No position is known. */
#define GW_NO_POSITION ((size_t)-1)

/* An error with its place. `position` is a byte offset in the input that was parsed, or GW_NO_POSITION.
 * `detail` is a whole sentence without a final full stop that names the thing at fault ("field `body` is a
 * map, not a string"). */
struct gw_error {
    enum gw_status status;
    size_t position;
    char detail[GW_ERROR_DETAIL_MAX];
};

/* The stable word of a status ("bad_utf8"); "unknown" outside the table. Static storage. */
const char *gw_status_word(enum gw_status status);

/* What a status means, for people. Static storage. */
const char *gw_status_text(enum gw_status status);

enum gw_fault gw_status_fault(enum gw_status status);

/* The status whose word this is, or GW_STATUS_COUNT. */
enum gw_status gw_status_from_word(const char *word, size_t size);

/* Fills `error` (may be NULL) and returns `status`, so that a caller can write `return gw_fail(...)`. */
enum gw_status gw_fail(struct gw_error *error, enum gw_status status, size_t position, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/* The same for GW_SYSTEM: appends strerror(errno). */
enum gw_status gw_fail_errno(struct gw_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
