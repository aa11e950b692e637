/* Where `glosswire tail` listens: a ZeroMQ PUSH or PUB sink, Kafka topics, or files. */
#ifndef GW_CLI_TAP_H
#define GW_CLI_TAP_H

#include "base/status.h"
#include "cli/reading.h"
#include "transport/kafka_settings.h"

/* One payload: a record or a dead letter, in MessagePack or JSON; empty for an input that was skipped. */
struct gw_tapped {
    struct gw_str payload;
    const char *path; /* files: for complaints; else NULL */
    uint64_t line;
    bool is_original; /* a dead letter of Kafka's: the payload is what had come in, and these are its headers
                       */
    struct gw_str reason, detail, position;
};

struct gw_tap;

struct gw_tap_ops {
    enum gw_status (*next)(struct gw_tap *tap, int wait_ms, struct gw_tapped *tapped, struct gw_error *error);
    void (*close)(struct gw_tap *tap);
};

/* The head of every tap. */
struct gw_tap {
    const struct gw_tap_ops *ops;
};

/* GW_OK: a payload, valid until the next call. GW_AGAIN: none came within `wait_ms`. GW_CLOSED: the end. */
static inline enum gw_status gw_tap_next(struct gw_tap *tap, int wait_ms, struct gw_tapped *tapped,
                                         struct gw_error *error) {
    return tap->ops->next(tap, wait_ms, tapped, error);
}

/* NULL is fine. */
static inline void gw_tap_close(struct gw_tap *tap) {
    if (tap) {
        tap->ops->close(tap);
    }
}

/* `topic` NULL: PULL, which takes records away from other consumers; else SUB to topics that begin so. */
enum gw_status gw_tap_open_zeromq(const char *from, const char *topic, struct gw_tap **tap,
                                  struct gw_error *error);

/* All partitions, as a group of its own that commits nothing; from the end of the topic, or from its
 * beginning. */
enum gw_status gw_tap_open_kafka(const struct gw_kafka_settings *client, const char *topic,
                                 bool from_beginning, struct gw_tap **tap, struct gw_error *error);

/* A reading that is open; it stays the caller's. */
enum gw_status gw_tap_open_files(struct gw_reading *reading, struct gw_tap **tap, struct gw_error *error);

#endif
