/* Where `glosswire send` feeds messages: a ZeroMQ PUSH, an acked DEALER, or Kafka. */
#ifndef GW_CLI_FEEDER_H
#define GW_CLI_FEEDER_H

#include "ingest/source.h"
#include "transport/kafka_settings.h"

/* What became of messages. A PUSH knows only that they were taken. */
struct gw_feed_counts {
    uint64_t taken, dead_letters, skipped, failed;
};

struct gw_feeder;

struct gw_feeder_ops {
    enum gw_status (*send)(struct gw_feeder *feeder, const struct gw_message *message,
                           struct gw_error *error);
    enum gw_status (*work)(struct gw_feeder *feeder, int wait_ms, struct gw_error *error);
    enum gw_status (*close)(struct gw_feeder *feeder, int linger_ms, struct gw_error *error);
};

/* The head of every feeder. */
struct gw_feeder {
    const struct gw_feeder_ops *ops;
    struct gw_feed_counts counts;
    size_t in_flight; /* sent, and their outcome is not known yet */
};

/* Hands over a copy. GW_AGAIN: it takes nothing now; let it work and try again. INPUT class: this message can
 * never be taken. */
static inline enum gw_status gw_feeder_send(struct gw_feeder *feeder, const struct gw_message *message,
                                            struct gw_error *error) {
    return feeder->ops->send(feeder, message, error);
}

/* Reads answers, up to `wait_ms` long when there are none, and counts them. */
static inline enum gw_status gw_feeder_work(struct gw_feeder *feeder, int wait_ms, struct gw_error *error) {
    return feeder->ops->work(feeder, wait_ms, error);
}

/* Gives what is still queued at most `linger_ms` to leave. GW_TIMEOUT: some of it may be lost. The feeder is
 * gone in any case; its counts are not. NULL is fine. */
static inline enum gw_status gw_feeder_close(struct gw_feeder *feeder, int linger_ms,
                                             struct gw_error *error) {
    return feeder ? feeder->ops->close(feeder, linger_ms, error) : GW_OK;
}

/* `to` is an endpoint ("tcp://127.0.0.1:5555"). GW_BAD_CONFIG for one that is not well formed. */
enum gw_status gw_feeder_open_push(const char *to, struct gw_feeder **feeder, struct gw_error *error);
enum gw_status gw_feeder_open_acked(const char *to, struct gw_feeder **feeder, struct gw_error *error);

/* Messages are given up after `timeout_ms`. `topic` NULL: each goes to the topic that its position names. The
 * client and its strings must outlive the feeder. */
enum gw_status gw_feeder_open_kafka(const struct gw_kafka_settings *client, const char *topic, int timeout_ms,
                                    struct gw_feeder **feeder, struct gw_error *error);

#endif
