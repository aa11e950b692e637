/* publish/kafka_sink.h through the sink suite: idempotent, and on a real broker with transactions, too. */
#include "conformance/sink_suite.h"
#include "kafka/kafka_fixture.h"
#include "publish/kafka_sink.h"
#include "transport/kafka_headers.h"
#include "unit/unit.h"

#include <stdlib.h>

#define QUEUE_BYTES            ((size_t)4 << 20)
#define TRANSACTION_TIMEOUT_MS 60000
#define REFUSED_BYTES          ((size_t)1000000)

struct place {
    struct kafka_fixture *kafka;
    const char *topics[GW_OUTLET_COUNT];
    struct gw_kafka_sink_settings settings;
    struct sink_seen *seen;
    size_t seen_count;
};

/* The mock cluster refuses nothing, so there it is the producer's own limit that is tested; the sink leaves
 * room for headers within message.max.bytes. Without compression a size on the wire is a size. */
static const struct gw_property properties[] = {{"compression.type", "none"},
                                                {"message.max.bytes", "1066048"}};

static void *make_plain(void) {
    static const char *const limit[] = {"max.message.bytes", "1000000", NULL};
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    place->kafka = kafka_fixture_new();
    place->topics[GW_OUTLET_RECORDS] = kafka_fixture_topic(place->kafka, "records", 1, limit);
    place->topics[GW_OUTLET_DEAD_LETTERS] = kafka_fixture_topic(place->kafka, "dead", 1, limit);
    place->settings = (struct gw_kafka_sink_settings){
        .kafka = {.brokers = kafka_fixture_brokers(place->kafka),
                  .properties = properties,
                  .property_count = kafka_fixture_is_real() ? 1 : 2},
        .queue_bytes = QUEUE_BYTES,
    };
    return place;
}

static void *make_transactional(void) {
    struct place *place = make_plain();
    place->settings.transactional_id = kafka_fixture_name(place->kafka, "transactions");
    place->settings.transaction_timeout_ms = TRANSACTION_TIMEOUT_MS;
    return place;
}

static enum gw_status open_sink(void *state, bool dead_letters, struct gw_sink **sink,
                                struct gw_error *error) {
    struct place *place = state;
    place->settings.topics[GW_OUTLET_RECORDS] = place->topics[GW_OUTLET_RECORDS];
    place->settings.topics[GW_OUTLET_DEAD_LETTERS] =
        dead_letters ? place->topics[GW_OUTLET_DEAD_LETTERS] : NULL;
    return gw_kafka_sink_open(&place->settings, &gw_clock_system, sink, error);
}

static void forget(struct place *place) {
    for (size_t i = 0; i < place->seen_count; i++) {
        free((void *)(uintptr_t)place->seen[i].headers.items);
    }
    free(place->seen);
    place->seen = NULL;
}

static size_t see(void *state, enum gw_outlet outlet, const struct sink_seen **seen) {
    struct place *place = state;
    rd_kafka_message_t *const *messages;
    forget(place);
    place->seen_count = kafka_fixture_read(place->kafka, place->topics[outlet], &messages);
    place->seen = calloc(place->seen_count + 1, sizeof *place->seen);
    assert_non_null(place->seen);
    for (size_t i = 0; i < place->seen_count; i++) {
        place->seen[i].payload = (struct gw_str){messages[i]->payload, messages[i]->len};
        place->seen[i].key = (struct gw_str){messages[i]->key, messages[i]->key_len};
        assert_int_equal(gw_kafka_headers_read(messages[i], &place->seen[i].headers), GW_OK);
    }
    *seen = place->seen;
    return place->seen_count;
}

static void block(void *state) {
    kafka_fixture_block(((struct place *)state)->kafka);
}

static void unblock(void *state) {
    kafka_fixture_unblock(((struct place *)state)->kafka);
}

static void destroy(void *state) {
    struct place *place = state;
    forget(place);
    kafka_fixture_free(place->kafka);
    free(place);
}

int main(void) {
    struct sink_backend backend = {
        .name = "Kafka sink, idempotent",
        .keys = true,
        .headers = true,
        .null_payloads = true,
        .binary = true,
        .refuses_above = REFUSED_BYTES,
        .make = make_plain,
        .open = open_sink,
        .see = see,
        .block = block,
        .unblock = unblock,
        .destroy = destroy,
    };
    int failed = sink_suite_run(&backend);
    if (kafka_fixture_is_real()) {
        backend.name = "Kafka sink, transactional";
        backend.transactional = true;
        backend.make = make_transactional;
        failed += sink_suite_run(&backend);
    }
    return failed;
}
