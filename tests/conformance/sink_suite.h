/* The behaviours that publish/sink.h promises, tested over any sink.
 *
 * A backend says how to make a place that messages are published to (topics, endpoints, files), how to open
 * the sink on it, and what somebody else sees there. Each test has a place of its own:
 *
 *     make → { open … close }* → destroy
 *
 * What must go on meanwhile (a hub) runs in a thread or process of the backend's.
 */
#ifndef GW_TESTS_SINK_SUITE_H
#define GW_TESTS_SINK_SUITE_H

#include "publish/sink.h"

/* One message as an independent reader sees it. Slices live until the place is destroyed. */
struct sink_seen {
    struct gw_str payload;
    struct gw_str key;         /* data NULL: none */
    struct gw_headers headers; /* count 0 where the transport has none */
};

struct sink_backend {
    const char *name;

    /* What of the interface this transport knows. */
    bool keys;
    bool headers;
    bool null_payloads; /* a null value arrives as one (data NULL), else it leaves no bytes */
    bool binary;        /* payloads may be any bytes; else they are JSON on one line */
    bool transactional;
    size_t refuses_above; /* payloads above this are refused as too large; 0: there is no such limit */

    /* Why it cannot run here (NULL: it can). May be NULL. */
    const char *(*unavailable)(void);

    /* A fresh, empty place. */
    void *(*make)(void);

    /* Opens the sink; without `dead_letters` that outlet is not served. */
    enum gw_status (*open)(void *place, bool dead_letters, struct gw_sink **sink, struct gw_error *error);

    /* All that can be seen on an outlet by now, in order. The array belongs to the place. */
    size_t (*see)(void *place, enum gw_outlet outlet, const struct sink_seen **seen);

    /* From block to unblock nothing that is sent can complete. NULL: cannot be done here. */
    void (*block)(void *place);
    void (*unblock)(void *place);

    void (*destroy)(void *place);
};

/* Runs all tests; returns what main returns. Prints why and returns 77 where the backend is unavailable. */
int sink_suite_run(const struct sink_backend *backend);

#endif
