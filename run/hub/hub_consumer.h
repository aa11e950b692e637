/* An acked consumer: a DEALER socket to one endpoint, and what it has not answered yet. */
#ifndef GW_RUN_HUB_HUB_CONSUMER_H
#define GW_RUN_HUB_HUB_CONSUMER_H

#include "base/clock.h"
#include "run/hub/hub_window.h"

/* After so long without an answer to a greeting, or to anything that was sent, the consumer is greeted again.
 */
#define GW_HUB_SILENCE_MS 30000

/* What a consumer refused for the time being is sent again after so long. */
#define GW_HUB_RETRY_MS 250

/* Sockets that one consumer adds to a poll. */
#define GW_HUB_CONSUMER_WATCHED 2

struct gw_hub_consumer {
    void *socket;
    void *monitor; /* tells of connections made and lost */
    const struct gw_clock *clock;
    char session[GW_ZEROMQ_SESSION_MAX + 1]; /* who we are */
    struct gw_hub_window window;
    bool is_connected;
    bool must_greet;
    int64_t heard_ns; /* when it last answered, or was last greeted */
    int64_t retry_ns; /* when to retry what it refused */
};

/* Opens number `endpoint` of the settings' endpoints. On failure nothing is left open. */
enum gw_status gw_hub_consumer_open(struct gw_hub_consumer *consumer, void *context,
                                    const struct gw_zeromq_settings *settings, size_t endpoint,
                                    const char *session, const struct gw_clock *clock,
                                    struct gw_error *error);

/* Frees what is in its window. */
void gw_hub_consumer_close(struct gw_hub_consumer *consumer);

/* Takes note of connections made and lost, greets, and sends what is due. */
void gw_hub_consumer_step(struct gw_hub_consumer *consumer);

/* The next shipment that the consumer has taken (recorded, dead-lettered or skipped: it is its own now),
 * which the caller frees; NULL when there is none now. */
struct gw_hub_shipment *gw_hub_consumer_receive(struct gw_hub_consumer *consumer);

/* Adds what to poll; returns how many. */
size_t gw_hub_consumer_watch(const struct gw_hub_consumer *consumer, zmq_pollitem_t *items);

#endif
