/* One loop: wait, hear workers, send on, receive, deal, answer. */
#include "run/hub/hub.h"

#include "base/log.h"
#include "base/slots.h"
#include "run/exit_codes.h"
#include "run/hub/hub_count.h"
#include "run/hub/hub_inlet.h"
#include "run/hub/hub_outlet.h"
#include "run/hub/hub_turn.h"
#include "run/hub/hub_worker.h"
#include "run/stop_signals.h"
#include "transport/hub_listener.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

/* Connections that are accepted at most; two for each worker are in use. */
#define WORKERS_MAX ((size_t)1024)

/* Messages received in one step at most, so that workers are heard in between. */
#define RECEIVE_MAX 256

/* During a drain: how long messages wait for a worker when none is left. */
#define ORPHAN_MS 3000

/* During a drain: feeders that get no answers are read until nothing came from them for so long, since what
 * they have sent is in libzmq's and the kernel's hands, and would be lost. One that does not stop is read for
 * half of the drain's time. */
#define QUIET_MS 200

/* No worker's share of the output budget is smaller. */
#define SHARE_MIN ((size_t)64 << 10)

static const char *const default_topics[GW_OUTLET_COUNT] = {"records", "dead-letters"};

/* What is polled first. */
enum { POLL_LIFELINE, POLL_SIGNALS, POLL_LISTENER, POLL_FIXED };

struct gw_hub {
    struct gw_hub_settings settings;
    struct gw_hub_counters own_counters; /* where nobody looks */
    struct gw_hub_counters *counters;
    void *context;
    struct gw_hub_inlet inlet;
    struct gw_hub_dealer dealer;
    struct gw_hub_outlet outlets[GW_OUTLET_COUNT];
    struct gw_hub_outlet *outlet_of[GW_OUTLET_COUNT]; /* NULL: not served; both may be the same */
    struct gw_slots workers;
    size_t sources; /* workers that take messages */
    int listener;
    int signals; /* readable: drain; -1: none */
    bool is_draining;
    bool has_inlet;
    int64_t drain_until_ns;
    bool reads;            /* feeders */
    int64_t read_until_ns; /* during a drain: when feeders are no longer read, whatever they send */
    int64_t quiet_ns;      /* during a drain: the same, unless something comes before */
    int64_t orphaned_ns;   /* during a drain: when the last source left, or the drain began without one */
    zmq_pollitem_t
        items[POLL_FIXED + GW_HUB_INLET_SOCKETS_MAX + GW_OUTLET_COUNT * GW_HUB_OUTLET_WATCHED + WORKERS_MAX];
};

static int64_t now_ns(const struct gw_hub *hub) {
    return gw_clock_now_ns(hub->settings.clock);
}

/* A consumer took a message, or it was given up: its worker is told, if it is still there. */
static void on_done(void *context, const struct gw_hub_shipment *shipment, enum gw_status status) {
    struct gw_hub *hub = context;
    struct gw_hub_worker *worker = gw_slots_get(&hub->workers, shipment->worker);
    if (status == GW_OK) {
        gw_hub_count(&hub->counters->published, 1);
        gw_hub_count(&hub->counters->published_bytes, zmq_msg_size(&shipment->payload));
    }
    if (worker) {
        struct gw_hub_frame frame = {.type = GW_HUB_RESULT,
                                     .as.result = {.ticket = shipment->ticket, .status = status}};
        gw_hub_worker_post(worker, &frame);
    }
}

static bool same_strings(const char *const *a, size_t a_count, const char *const *b, size_t b_count) {
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) {
        same = strcmp(a[i], b[i]) == 0;
    }
    return same;
}

static bool same_endpoints(const struct gw_zeromq_settings *a, const struct gw_zeromq_settings *b) {
    return a && b && a->pattern == b->pattern &&
           same_strings(a->bind, a->bind_count, b->bind, b->bind_count) &&
           same_strings(a->connect, a->connect_count, b->connect, b->connect_count);
}

static enum gw_status open_outlets(struct gw_hub *hub, uint64_t start_id, struct gw_error *error) {
    const struct gw_zeromq_settings *settings[GW_OUTLET_COUNT] = {hub->settings.sink,
                                                                  hub->settings.dead_letters};
    struct gw_hub_outlet_events events = {on_done, hub};
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < GW_OUTLET_COUNT && status == GW_OK; i++) {
        if (i > 0 && same_endpoints(settings[0], settings[i])) {
            hub->outlet_of[i] = hub->outlet_of[0];
        } else if (settings[i]) {
            char session[GW_ZEROMQ_SESSION_MAX];
            snprintf(session, sizeof session, "%016llx-%zu", (unsigned long long)start_id, i);
            status = gw_hub_outlet_open(&hub->outlets[i], hub->context, settings[i], session, &events,
                                        hub->settings.clock, error);
            hub->outlet_of[i] = &hub->outlets[i];
        }
    }
    return status;
}

static enum gw_status draw_start_id(const struct gw_hub_settings *settings, uint64_t *id,
                                    struct gw_error *error) {
    *id = settings->start_id;
    while (*id == 0) {
        if (getrandom(id, sizeof *id, 0) != (ssize_t)sizeof *id && errno != EINTR) {
            return gw_fail_errno(error, "cannot draw a random number");
        }
    }
    return GW_OK;
}

static enum gw_status open_all(struct gw_hub *hub, struct gw_error *error) {
    uint64_t start_id;
    enum gw_status status = draw_start_id(&hub->settings, &start_id, error);
    hub->context = zmq_ctx_new();
    if (!hub->context) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "cannot make a ZeroMQ context");
    }
    if (status == GW_OK) {
        status = gw_hub_listen(hub->settings.socket_path, &hub->listener, error);
    }
    if (status == GW_OK) {
        status = open_outlets(hub, start_id, error);
    }
    if (status == GW_OK && hub->settings.source) {
        status = gw_hub_inlet_open(&hub->inlet, hub->context, &hub->settings, start_id, hub->counters, error);
        hub->has_inlet = hub->reads = status == GW_OK;
    }
    return status;
}

enum gw_status gw_hub_open(const struct gw_hub_settings *settings, struct gw_hub **opened,
                           struct gw_error *error) {
    struct gw_hub *hub = calloc(1, sizeof *hub);
    *opened = NULL;
    if (!hub) {
        gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a hub");
        return GW_NO_MEMORY;
    }
    hub->settings = *settings;
    hub->counters = settings->counters ? settings->counters : &hub->own_counters;
    hub->listener = hub->signals = -1;
    gw_slots_init(&hub->workers, &gw_allocator_system);
    gw_hub_dealer_init(&hub->dealer, settings->memory_bytes / 2, &gw_allocator_system);
    enum gw_status status = open_all(hub, error);
    if (status != GW_OK) {
        gw_hub_close(hub);
        return status;
    }
    *opened = hub;
    return GW_OK;
}

/* What each worker may send without results. */
static uint64_t share_of_output(const struct gw_hub *hub) {
    size_t workers = hub->settings.workers > 0 ? (size_t)hub->settings.workers : 1;
    size_t share = hub->settings.memory_bytes / 2 / workers;
    return share > SHARE_MIN ? share : SHARE_MIN;
}

static uint8_t served_outlets(const struct gw_hub *hub) {
    unsigned outlets = 0;
    for (unsigned i = 0; i < GW_OUTLET_COUNT; i++) {
        outlets |= hub->outlet_of[i] ? 1u << i : 0;
    }
    return (uint8_t)outlets;
}

/* What came from a worker; false when it must not come from this one. */

static bool hear_hello(struct gw_hub *hub, struct gw_hub_worker *worker, const struct gw_hub_frame *frame) {
    bool is_source = frame->as.hello.role == GW_HUB_ROLE_SOURCE;
    if (worker->role != 0 || frame->as.hello.version != GW_HUB_VERSION || (is_source && !hub->has_inlet)) {
        return false;
    }
    worker->role = frame->as.hello.role;
    worker->slot = frame->as.hello.slot;
    struct gw_hub_frame welcome = {.type = GW_HUB_WELCOME,
                                   .as.welcome = {.version = GW_HUB_VERSION,
                                                  .outlets = served_outlets(hub),
                                                  .window = share_of_output(hub),
                                                  .message_bytes_max = GW_LIMIT_MESSAGE_BYTES_MAX}};
    gw_hub_worker_post(worker, &welcome);
    if (is_source) {
        worker->taker.credit_bytes = (size_t)frame->as.hello.window;
        gw_hub_dealer_join(&hub->dealer, &worker->taker);
        hub->sources++;
    }
    return true;
}

static void answer(struct gw_hub *hub, struct gw_hub_message *message, enum gw_zeromq_answer answer) {
    gw_hub_inlet_answer(&hub->inlet, message, answer);
    gw_hub_message_free(message);
}

static bool hear_settle(struct gw_hub *hub, struct gw_hub_worker *worker, const struct gw_hub_frame *frame) {
    static const enum gw_zeromq_answer answers[] = {[GW_OUTCOME_RECORD] = GW_ZEROMQ_ACCEPTED,
                                                    [GW_OUTCOME_DEAD_LETTER] = GW_ZEROMQ_DEAD_LETTER,
                                                    [GW_OUTCOME_SKIPPED] = GW_ZEROMQ_SKIPPED,
                                                    [GW_OUTCOME_RETRY] = GW_ZEROMQ_TRY_AGAIN};
    struct gw_hub_parcel *done;
    enum gw_outcome outcome = frame->as.settle.outcome;
    if (worker->role != GW_HUB_ROLE_SOURCE ||
        gw_hub_dealer_settle(&hub->dealer, &worker->taker, frame->as.settle.receipt,
                             outcome == GW_OUTCOME_RETRY, &done) != GW_OK) {
        return false;
    }
    if (done) {
        gw_hub_count(&hub->counters->settled, 1);
        answer(hub, (struct gw_hub_message *)done, answers[outcome]);
    }
    return true;
}

static bool hear_pause(struct gw_hub *hub, struct gw_hub_worker *worker, const struct gw_hub_frame *frame) {
    (void)hub;
    worker->is_paused = frame->as.pause.on;
    return worker->role == GW_HUB_ROLE_SOURCE;
}

static struct gw_str topic_of(const struct gw_hub *hub, const struct gw_hub_frame *frame) {
    const struct gw_zeromq_settings *settings =
        frame->as.send.outlet == GW_OUTLET_RECORDS ? hub->settings.sink : hub->settings.dead_letters;
    if (frame->as.send.topic.data) {
        return frame->as.send.topic;
    }
    return gw_str_from(settings->topic ? settings->topic : default_topics[frame->as.send.outlet]);
}

static bool hear_send(struct gw_hub *hub, struct gw_hub_worker *worker, const struct gw_hub_frame *frame) {
    struct gw_hub_outlet *outlet = hub->outlet_of[frame->as.send.outlet];
    if (worker->role != GW_HUB_ROLE_SINK || !outlet) {
        return false;
    }
    struct gw_hub_shipment *shipment =
        gw_hub_shipment_make(worker->handle, frame->as.send.ticket, topic_of(hub, frame),
                             frame->as.send.headers, frame->as.send.payload);
    if (shipment) {
        gw_hub_outlet_add(outlet, shipment);
    } else {
        struct gw_hub_frame result = {.type = GW_HUB_RESULT,
                                      .as.result = {.ticket = frame->as.send.ticket, .status = GW_AGAIN}};
        gw_hub_worker_post(worker, &result);
    }
    return true;
}

static bool (*const hear[GW_HUB_FRAME_TYPES])(struct gw_hub *hub, struct gw_hub_worker *worker,
                                              const struct gw_hub_frame *frame) = {
    [GW_HUB_HELLO] = hear_hello,
    [GW_HUB_SETTLE] = hear_settle,
    [GW_HUB_PAUSE] = hear_pause,
    [GW_HUB_SEND] = hear_send,
};

static void refuse_worker(struct gw_hub_worker *worker, const char *cause) {
    GW_LOG(GW_LOG_ERROR, "a worker broke the hub's protocol", GW_KI("worker", worker->slot),
           GW_KS("cause", cause));
    worker->is_gone = true;
}

/* All frames that a worker has sent completely. */
static void hear_frames(struct gw_hub *hub, struct gw_hub_worker *worker) {
    struct gw_hub_frame frame;
    struct gw_error error;
    enum gw_status status = GW_OK;
    while (!worker->is_gone && (status = gw_hub_channel_next(&worker->channel, &frame, &error)) == GW_OK) {
        if (!hear[frame.type] || !hear[frame.type](hub, worker, &frame)) {
            refuse_worker(worker, "a frame that must not come now");
        }
    }
    if (status == GW_PROTOCOL) {
        refuse_worker(worker, error.detail);
    }
}

/* What arrived before the end counts: receipts above all. */
static void hear_worker(struct gw_hub *hub, struct gw_hub_worker *worker) {
    enum gw_status status = gw_hub_channel_read(&worker->channel);
    hear_frames(hub, worker);
    worker->is_gone = worker->is_gone || status != GW_OK;
}

static void accept_workers(struct gw_hub *hub) {
    while (hub->workers.count < WORKERS_MAX) {
        int fd = gw_hub_accept(hub->listener);
        if (fd < 0) {
            return;
        }
        struct gw_hub_worker *worker = gw_hub_worker_make(fd);
        if (worker && gw_slots_add(&hub->workers, worker, &worker->handle) != GW_OK) {
            gw_hub_worker_free(worker);
        }
    }
}

static void remove_worker(struct gw_hub *hub, struct gw_hub_worker *worker) {
    if (worker->role == GW_HUB_ROLE_SOURCE) {
        gw_hub_dealer_leave(&hub->dealer, &worker->taker);
        hub->sources--;
        hub->orphaned_ns = now_ns(hub);
    }
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        if (hub->outlets[i].settings) {
            gw_hub_outlet_forget(&hub->outlets[i], worker->handle);
        }
    }
    gw_slots_remove(&hub->workers, worker->handle);
    gw_hub_worker_free(worker);
}

/* Writes to every worker and removes those that are gone. */
static void write_workers(struct gw_hub *hub) {
    size_t place = 0;
    for (struct gw_hub_worker *worker; (worker = gw_slots_next(&hub->workers, &place, NULL));) {
        gw_hub_worker_write(worker);
        if (worker->is_gone) {
            if (worker->taker.held > 0) {
                GW_LOG(GW_LOG_WARN, "a worker left messages, which others get", GW_KI("worker", worker->slot),
                       GW_KI("messages", worker->taker.held));
            }
            remove_worker(hub, worker);
        }
    }
}

static enum gw_status receive(struct gw_hub *hub, struct gw_error *error) {
    for (int i = 0; i < RECEIVE_MAX && gw_hub_dealer_has_room(&hub->dealer); i++) {
        struct gw_hub_message *message;
        enum gw_status status = gw_hub_inlet_receive(&hub->inlet, &message);
        if (status == GW_OK && gw_hub_dealer_add(&hub->dealer, &message->parcel) != GW_OK) {
            answer(hub, message, GW_ZEROMQ_TRY_AGAIN);
            status = GW_NO_MEMORY;
        }
        if (status == GW_NO_MEMORY) {
            GW_LOG(GW_LOG_ERROR, "no memory for a message");
        } else if (status == GW_AGAIN) {
            return GW_OK;
        } else if (status != GW_OK) {
            return gw_fail(error, status, GW_NO_POSITION, "cannot receive: %s", zmq_strerror(zmq_errno()));
        }
    }
    return GW_OK;
}

/* A feeder is quiet only where it was looked at: not while there is no room for what it sends. */
static void look_for_quiet(struct gw_hub *hub, bool has_heard) {
    int64_t now = now_ns(hub);
    if (has_heard || !gw_hub_dealer_has_room(&hub->dealer)) {
        hub->quiet_ns = now + QUIET_MS * GW_NS_PER_MS;
    }
    hub->reads = now < hub->quiet_ns && now < hub->read_until_ns;
}

static enum gw_status read_feeders(struct gw_hub *hub, struct gw_error *error) {
    uint64_t before = hub->inlet.numbers;
    enum gw_status status = receive(hub, error);
    if (hub->is_draining) {
        look_for_quiet(hub, hub->inlet.numbers > before);
    }
    return status;
}

static void post_deal(struct gw_hub *hub, struct gw_hub_worker *worker, const struct gw_hub_message *message,
                      bool again) {
    struct gw_hub_frame frame = {.type = GW_HUB_DEAL,
                                 .as.deal = {.receipt = message->parcel.receipt,
                                             .redelivered = again || message->redelivered,
                                             .refused = message->refused,
                                             .full_size = message->full_size,
                                             .position = gw_hub_inlet_position(&hub->inlet, message),
                                             .headers = gw_zeromq_bytes(&message->headers),
                                             .payload = gw_zeromq_bytes(&message->payload)}};
    gw_hub_worker_post(worker, &frame);
    gw_hub_count(&hub->counters->dealt, 1);
    gw_hub_count(&hub->counters->redealt, again);
}

/* True when something was dealt. */
static bool deal(struct gw_hub *hub) {
    struct gw_hub_parcel *parcel;
    struct gw_hub_taker *taker;
    bool again, has_dealt = false;
    while (gw_hub_dealer_next(&hub->dealer, &parcel, &taker, &again)) {
        post_deal(hub, (struct gw_hub_worker *)taker, (struct gw_hub_message *)parcel, again);
        has_dealt = true;
    }
    return has_dealt;
}

static size_t watch_workers(struct gw_hub *hub, size_t at) {
    size_t place = 0;
    for (const struct gw_hub_worker *worker; (worker = gw_slots_next(&hub->workers, &place, NULL));) {
        bool waits = gw_hub_channel_unwritten(&worker->channel) > 0;
        hub->items[at++] = (zmq_pollitem_t){.fd = worker->channel.fd,
                                            .events = (short)(waits ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN)};
    }
    return at;
}

/* Fills `items`; returns how many, and where the workers' begin. */
static size_t watch(struct gw_hub *hub, size_t *first_worker) {
    size_t at = POLL_FIXED;
    bool is_full = hub->workers.count == WORKERS_MAX;
    int lifeline = hub->is_draining ? -1 : hub->settings.lifeline_fd; /* both have been heard then */
    int signals = hub->is_draining ? -1 : hub->signals;
    hub->items[POLL_LIFELINE] = (zmq_pollitem_t){.fd = lifeline, .events = ZMQ_POLLIN};
    hub->items[POLL_SIGNALS] = (zmq_pollitem_t){.fd = signals, .events = ZMQ_POLLIN};
    hub->items[POLL_LISTENER] = (zmq_pollitem_t){.fd = is_full ? -1 : hub->listener, .events = ZMQ_POLLIN};
    if (hub->reads && gw_hub_dealer_has_room(&hub->dealer)) {
        at += gw_hub_inlet_watch(&hub->inlet, &hub->items[at]);
    }
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        at += gw_hub_outlet_watch(&hub->outlets[i], &hub->items[at]);
    }
    *first_worker = at;
    return watch_workers(hub, at);
}

static void hear_workers(struct gw_hub *hub, size_t first, size_t count) {
    size_t place = 0;
    for (size_t i = first; i < count; i++) {
        struct gw_hub_worker *worker = gw_slots_next(&hub->workers, &place, NULL);
        if (hub->items[i].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) {
            hear_worker(hub, worker);
        }
    }
}

static void step_outlets(struct gw_hub *hub) {
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        if (hub->outlets[i].settings) {
            gw_hub_outlet_step(&hub->outlets[i]);
        }
    }
}

void gw_hub_drain(struct gw_hub *hub) {
    if (!hub->is_draining) {
        hub->is_draining = true;
        int64_t now = now_ns(hub);
        hub->drain_until_ns = now + hub->settings.drain_timeout_ms * GW_NS_PER_MS;
        hub->read_until_ns = now + hub->settings.drain_timeout_ms * GW_NS_PER_MS / 2;
        hub->quiet_ns = now + QUIET_MS * GW_NS_PER_MS;
        hub->orphaned_ns = now;
        hub->reads = hub->has_inlet && hub->settings.source->pattern != GW_ZEROMQ_ACKED;
        GW_LOG(GW_LOG_INFO, "draining", GW_KI("waiting", hub->dealer.waiting_count),
               GW_KI("in_flight", hub->dealer.held_count));
    }
}

static size_t kept(const struct gw_hub *hub) {
    return hub->dealer.waiting_count + hub->dealer.held_count;
}

/* Once all is settled sources are told that nothing will come any more. */
static void tell_end(struct gw_hub *hub) {
    struct gw_hub_frame end = {.type = GW_HUB_END};
    size_t place = 0;
    for (struct gw_hub_worker *worker; (worker = gw_slots_next(&hub->workers, &place, NULL));) {
        if (worker->role == GW_HUB_ROLE_SOURCE && !worker->is_told_end) {
            worker->is_told_end = true;
            gw_hub_worker_post(worker, &end);
            gw_hub_worker_write(worker);
        }
    }
}

static bool has_queued(const struct gw_hub *hub) {
    size_t queued = 0;
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        queued += hub->outlets[i].queued;
    }
    return queued > 0;
}

static bool is_drained(struct gw_hub *hub) {
    int64_t now = now_ns(hub);
    bool is_orphaned = hub->sources == 0 && now - hub->orphaned_ns >= ORPHAN_MS * GW_NS_PER_MS;
    bool is_empty = !hub->reads && (kept(hub) == 0 || is_orphaned);
    if (!hub->reads && kept(hub) == 0) {
        tell_end(hub);
    }
    return now >= hub->drain_until_ns || (is_empty && hub->workers.count == 0 && !has_queued(hub));
}

static void set_levels(struct gw_hub *hub) {
    size_t queued_bytes = 0;
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        queued_bytes += hub->outlets[i].queued_bytes;
        gw_hub_count(&hub->counters->overruns, hub->outlets[i].overruns);
        hub->outlets[i].overruns = 0;
    }
    gw_hub_level(&hub->counters->kept, kept(hub));
    gw_hub_level(&hub->counters->kept_bytes, hub->dealer.kept_bytes);
    gw_hub_level(&hub->counters->queued_bytes, queued_bytes);
    gw_hub_level(&hub->counters->connections, hub->workers.count);
}

/* How long a step may wait where the clock matters: in a drain, and for acked consumers. */
#define LOOK_MS 100

static int cut_timeout(const struct gw_hub *hub, int timeout_ms) {
    bool too_long = timeout_ms < 0 || timeout_ms > LOOK_MS;
    bool looks = hub->is_draining;
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        looks = looks || hub->outlets[i].consumer_count > 0;
    }
    return looks && too_long ? LOOK_MS : timeout_ms;
}

enum gw_status gw_hub_step(struct gw_hub *hub, int timeout_ms, struct gw_error *error) {
    size_t first_worker;
    size_t count = watch(hub, &first_worker);
    if (zmq_poll(hub->items, (int)count, cut_timeout(hub, timeout_ms)) < 0 && zmq_errno() != EINTR) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "cannot poll: %s", zmq_strerror(zmq_errno()));
    }
    if (hub->items[POLL_LIFELINE].revents != 0 || hub->items[POLL_SIGNALS].revents != 0) {
        gw_hub_drain(hub);
    }
    hear_workers(hub, first_worker, count);
    accept_workers(hub);
    step_outlets(hub);
    enum gw_status status = GW_OK;
    if (hub->reads) {
        status = read_feeders(hub, error);
    }
    do {
        write_workers(hub);
    } while (deal(hub));
    set_levels(hub);
    if (status == GW_OK && hub->is_draining && is_drained(hub)) {
        return gw_fail(error, GW_CLOSED, GW_NO_POSITION, "drained");
    }
    return status;
}

/* Gives up every message: acked feeders may send theirs again elsewhere. */
static void abandon(struct gw_hub *hub) {
    size_t place = 0;
    for (struct gw_hub_worker *worker; (worker = gw_slots_next(&hub->workers, &place, NULL));) {
        remove_worker(hub, worker);
    }
    if (kept(hub) > 0) {
        GW_LOG(GW_LOG_WARN, "messages had no receipt when the hub ended", GW_KI("messages", kept(hub)));
        gw_hub_count(&hub->counters->abandoned, kept(hub));
    }
    for (struct gw_hub_parcel *parcel; (parcel = gw_hub_dealer_drop(&hub->dealer));) {
        answer(hub, (struct gw_hub_message *)parcel, GW_ZEROMQ_TRY_AGAIN);
    }
}

static int linger_left_ms(const struct gw_hub *hub) {
    int64_t left_ms = (hub->drain_until_ns - now_ns(hub)) / GW_NS_PER_MS;
    if (!hub->is_draining) {
        return GW_ZEROMQ_LINGER_MAX_MS;
    }
    return left_ms > LOOK_MS ? (int)left_ms : LOOK_MS;
}

void gw_hub_close(struct gw_hub *hub) {
    if (!hub) {
        return;
    }
    abandon(hub);
    gw_hub_dealer_free(&hub->dealer);
    gw_slots_free(&hub->workers);
    gw_hub_inlet_close(&hub->inlet);
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        gw_hub_outlet_close(&hub->outlets[i], linger_left_ms(hub));
    }
    if (hub->listener >= 0) {
        unlink(hub->settings.socket_path);
        close(hub->listener);
    }
    if (hub->context) {
        while (zmq_ctx_term(hub->context) != 0 && zmq_errno() == EINTR) {
        }
    }
    free(hub);
}

/* What could not be opened will not open the next time either. */
static int exit_code(const struct gw_hub *hub, enum gw_status status) {
    if (!hub && status == GW_CLOSED) {
        return GW_EXIT_DONE;
    }
    if (!hub) {
        return status == GW_NO_MEMORY ? GW_EXIT_SYSTEM : GW_EXIT_CANNOT_START;
    }
    if (status != GW_CLOSED) {
        return GW_EXIT_SYSTEM;
    }
    return kept(hub) == 0 && !has_queued(hub) ? GW_EXIT_DONE : GW_EXIT_PARTLY;
}

/* From opening to the end of the drain. */
static enum gw_status serve(const struct gw_hub_settings *settings, int signals, int *turn,
                            struct gw_hub **hub, struct gw_error *error) {
    enum gw_status status =
        gw_hub_turn_wait(settings->socket_path, settings->lifeline_fd, signals, turn, error);
    if (status == GW_OK) {
        status = gw_hub_open(settings, hub, error);
    }
    if (status != GW_OK) {
        return status;
    }
    (*hub)->signals = signals;
    GW_LOG(GW_LOG_INFO, "the hub is ready", GW_KS("socket", settings->socket_path));
    while (status == GW_OK) {
        status = gw_hub_step(*hub, -1, error);
    }
    return status;
}

int gw_hub_main(const struct gw_hub_settings *settings) {
    struct gw_hub *hub = NULL;
    struct gw_error error = {.status = GW_OK};
    int signals = gw_stop_signals_open(), turn = -1;
    enum gw_status status = signals < 0 ? gw_fail_errno(&error, "cannot catch signals")
                                        : serve(settings, signals, &turn, &hub, &error);
    if (status != GW_CLOSED) {
        GW_LOG(GW_LOG_ERROR, "the hub ends", GW_KS("status", gw_status_word(status)),
               GW_KS("cause", error.detail));
    }
    int code = exit_code(hub, status);
    gw_hub_close(hub);
    if (turn >= 0) {
        close(turn);
    }
    if (signals >= 0) {
        close(signals);
    }
    return code;
}
