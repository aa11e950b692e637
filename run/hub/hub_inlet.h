/* The hub's side towards feeders: PULL, SUB and ROUTER sockets, and what comes in through them. */
#ifndef GW_RUN_HUB_HUB_INLET_H
#define GW_RUN_HUB_HUB_INLET_H

#include "run/hub/hub.h"
#include "run/hub/hub_acks.h"
#include "run/hub/hub_message.h"

/* "00c0ffee00c0ffee" and a terminator. */
#define GW_HUB_START_SIZE 17

/* Messages that an acked feeder may have without an answer, unless `high_water` says otherwise. */
#define GW_HUB_CREDIT_DEFAULT 256
#define GW_HUB_CREDIT_MAX     4096

/* Messages that libzmq reads ahead for each feeder of PULL and ROUTER, unless `high_water` says otherwise: as
 * many of the largest as the input budget holds, within these bounds. */
#define GW_HUB_AHEAD_MIN 8
#define GW_HUB_AHEAD_MAX 100

struct gw_hub_inlet_socket;

/* Most sockets: SUB has one per endpoint. */
#define GW_HUB_INLET_SOCKETS_MAX 64

struct gw_hub_inlet {
    const struct gw_zeromq_settings *settings;
    struct gw_hub_counters *counters;
    size_t message_bytes_max;
    int ahead;                     /* messages that libzmq reads ahead; 0: the pattern's default */
    char start[GW_HUB_START_SIZE]; /* the start id, in positions of PULL and SUB */
    uint64_t numbers;              /* given to messages so far */
    struct gw_hub_inlet_socket *sockets;
    size_t socket_count;
    size_t turn; /* the socket that is asked first */
    struct gw_hub_acks acks;
};

/* Opens the sockets of `settings->source`. On failure nothing is left open. */
enum gw_status gw_hub_inlet_open(struct gw_hub_inlet *inlet, void *context,
                                 const struct gw_hub_settings *settings, uint64_t start_id,
                                 struct gw_hub_counters *counters, struct gw_error *error);

/* The messages given out must be freed before; fine on a zeroed inlet. */
void gw_hub_inlet_close(struct gw_hub_inlet *inlet);

/* The next message, which is the caller's then. What needs no worker (greetings, repeated messages) is
 * answered on the way. GW_AGAIN: there is none now. GW_NO_MEMORY: one was lost, or an acked one refused. */
enum gw_status gw_hub_inlet_receive(struct gw_hub_inlet *inlet, struct gw_hub_message **message);

/* Tells an acked feeder what became of its message; does nothing for others. */
void gw_hub_inlet_answer(struct gw_hub_inlet *inlet, const struct gw_hub_message *message,
                         enum gw_zeromq_answer answer);

/* The message's position; the name belongs to the inlet or the session. */
struct gw_position gw_hub_inlet_position(const struct gw_hub_inlet *inlet,
                                         const struct gw_hub_message *message);

/* Adds what to poll for readability; returns how many were added (GW_HUB_INLET_SOCKETS_MAX at most). */
size_t gw_hub_inlet_watch(const struct gw_hub_inlet *inlet, zmq_pollitem_t *items);

#endif
