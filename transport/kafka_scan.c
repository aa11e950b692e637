/* A consumer that is assigned every partition by hand, each up to where it ended when the scan began. */
#include "transport/kafka_scan.h"

#include "base/clock.h"
#include "transport/kafka_client.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define POLL_MS 200

/* How long what was committed, and where partitions end, may take to find out. */
#define ASK_MS 15000

struct part {
    const char *topic; /* the list's */
    int32_t partition;
    int64_t end; /* visited below this */
    bool done;
};

struct scan {
    const struct gw_kafka_scan *settings;
    rd_kafka_t *client;
    rd_kafka_topic_partition_list_t *list; /* what is read, from where */
    struct part *parts;                    /* one for each of the list */
    size_t open;                           /* parts that are not done */
};

static enum gw_status open_client(struct scan *scan, struct gw_error *error) {
    const char *group = scan->settings->group;
    const struct gw_property ours[] = {{"group.id", group ? group : "glosswire-scan"},
                                       {"enable.auto.commit", "false"},
                                       {"enable.partition.eof", "true"},
                                       {"isolation.level", "read_committed"},
                                       {"auto.offset.reset", "earliest"},
                                       {"allow.auto.create.topics", "false"},
                                       {"queued.min.messages", "10000"},
                                       {"queued.max.messages.kbytes", "65536"}};
    rd_kafka_conf_t *conf;
    enum gw_status status =
        gw_kafka_conf_new(&scan->settings->client, ours, sizeof ours / sizeof ours[0], &conf, error);
    if (status == GW_OK) {
        status = gw_kafka_client_new(RD_KAFKA_CONSUMER, conf, &scan->client, error);
    }
    if (status == GW_OK) {
        rd_kafka_poll_set_consumer(scan->client);
    }
    return status;
}

static enum gw_status matches(const char *wanted, const char *topic, bool *match, struct gw_error *error) {
    regex_t pattern;
    if (wanted[0] != '^') {
        *match = strcmp(wanted, topic) == 0;
        return GW_OK;
    }
    if (regcomp(&pattern, wanted, REG_EXTENDED | REG_NOSUB) != 0) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "the pattern %s is not well formed", wanted);
    }
    *match = regexec(&pattern, topic, 0, NULL, 0) == 0;
    regfree(&pattern);
    return GW_OK;
}

static void add_partitions(struct scan *scan, const struct rd_kafka_metadata_topic *topic) {
    for (int32_t i = 0; i < topic->partition_cnt; i++) {
        rd_kafka_topic_partition_list_t *list = scan->list;
        if (!rd_kafka_topic_partition_list_find(list, topic->topic, topic->partitions[i].id)) {
            rd_kafka_topic_partition_list_add(list, topic->topic, topic->partitions[i].id);
        }
    }
}

static enum gw_status add_topics(struct scan *scan, const char *wanted,
                                 const struct rd_kafka_metadata *metadata, struct gw_error *error) {
    int before = scan->list->cnt;
    for (int i = 0; i < metadata->topic_cnt; i++) {
        bool match = false;
        enum gw_status status = matches(wanted, metadata->topics[i].topic, &match, error);
        if (status != GW_OK) {
            return status;
        }
        if (match && !metadata->topics[i].err) {
            add_partitions(scan, &metadata->topics[i]);
        }
    }
    bool is_pattern = wanted[0] == '^';
    return is_pattern || scan->list->cnt > before
               ? GW_OK
               : gw_fail(error, GW_REFUSED, GW_NO_POSITION,
                         "the cluster has no topic %s, or does not show it to this user", wanted);
}

static enum gw_status find_partitions(struct scan *scan, struct gw_error *error) {
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t code = rd_kafka_metadata(scan->client, 1, NULL, &metadata, ASK_MS);
    if (code) {
        return gw_kafka_fail(error, code, "the brokers do not answer", NULL);
    }
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < scan->settings->topic_count && status == GW_OK; i++) {
        status = add_topics(scan, scan->settings->topics[i], metadata, error);
    }
    rd_kafka_metadata_destroy(metadata);
    return status;
}

/* The part of low..high that the ranges leave. Several ranges of one partition are read as the one that spans
 * them; visit_one leaves out what lies between. */
static void narrow(const struct gw_kafka_scan *settings, int32_t partition, int64_t *low, int64_t *high) {
    int64_t from = INT64_MAX, to = INT64_MIN;
    for (size_t i = 0; i < settings->range_count; i++) {
        const struct gw_kafka_range *range = &settings->ranges[i];
        if (range->partition == -1 || range->partition == partition) {
            from = range->from < from ? range->from : from;
            to = range->to > to ? range->to : to;
        }
    }
    if (settings->range_count > 0) {
        *low = from > *low ? from : *low;
        *high = to < *high ? to : *high;
    }
}

static bool is_in_range(const struct gw_kafka_scan *settings, const rd_kafka_message_t *message) {
    bool inside = settings->range_count == 0;
    for (size_t i = 0; i < settings->range_count && !inside; i++) {
        const struct gw_kafka_range *range = &settings->ranges[i];
        inside = (range->partition == -1 || range->partition == message->partition) &&
                 message->offset >= range->from && message->offset < range->to;
    }
    return inside;
}

/* Where each partition is read from and to. What was committed is asked for first: outputs of it are there
 * already. */
static enum gw_status find_ends(struct scan *scan, struct gw_error *error) {
    rd_kafka_resp_err_t code = scan->settings->group && scan->list->cnt > 0
                                   ? rd_kafka_committed(scan->client, scan->list, ASK_MS)
                                   : RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; i < scan->list->cnt && !code; i++) {
        rd_kafka_topic_partition_t *at = &scan->list->elems[i];
        int64_t low, high;
        code = rd_kafka_query_watermark_offsets(scan->client, at->topic, at->partition, &low, &high, ASK_MS);
        if (!code) {
            if (scan->settings->group) {
                int64_t committed = at->offset >= 0 ? at->offset : low;
                high = committed < high ? committed : high;
            }
            narrow(scan->settings, at->partition, &low, &high);
            at->offset = low;
            scan->parts[i] = (struct part){at->topic, at->partition, high, low >= high};
            scan->open += low < high;
        }
    }
    return code ? gw_kafka_fail(error, code, "the brokers do not say where partitions end", NULL) : GW_OK;
}

static enum gw_status assign(struct scan *scan, struct gw_error *error) {
    rd_kafka_topic_partition_list_t *wanted = rd_kafka_topic_partition_list_new(scan->list->cnt);
    for (int i = 0; i < scan->list->cnt; i++) {
        const rd_kafka_topic_partition_t *at = &scan->list->elems[i];
        if (!scan->parts[i].done) {
            rd_kafka_topic_partition_list_add(wanted, at->topic, at->partition)->offset = at->offset;
        }
    }
    rd_kafka_resp_err_t code = rd_kafka_assign(scan->client, wanted);
    rd_kafka_topic_partition_list_destroy(wanted);
    return code ? gw_kafka_fail(error, code, "partitions cannot be read", NULL) : GW_OK;
}

static struct part *part_of(struct scan *scan, const rd_kafka_message_t *message) {
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";
    for (int i = 0; i < scan->list->cnt; i++) {
        if (scan->parts[i].partition == message->partition && strcmp(scan->parts[i].topic, topic) == 0) {
            return &scan->parts[i];
        }
    }
    return NULL;
}

static void finish(struct scan *scan, struct part *part) {
    scan->open -= !part->done;
    part->done = true;
}

static enum gw_status visit_one(struct scan *scan, const rd_kafka_message_t *message, gw_kafka_visit *visit,
                                void *context, struct gw_error *error) {
    struct part *part = part_of(scan, message);
    if (!part || part->done) {
        return GW_OK;
    }
    enum gw_status status = GW_OK;
    if (message->offset < part->end && is_in_range(scan->settings, message)) {
        status = visit(context, message, error);
    }
    if (message->offset + 1 >= part->end) {
        finish(scan, part);
    }
    return status;
}

/* A message, or the news that a partition has no more: transactions' marks have offsets, but are never seen.
 */
static enum gw_status take(struct scan *scan, const rd_kafka_message_t *message, gw_kafka_visit *visit,
                           void *context, struct gw_error *error) {
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        struct part *part = part_of(scan, message);
        if (part) {
            finish(scan, part);
        }
        return GW_OK;
    }
    if (!message->err) {
        return visit_one(scan, message, visit, context, error);
    }
    enum gw_status status = gw_kafka_status(message->err);
    bool passes = gw_status_fault(status) == GW_FAULT_PEER && status != GW_REFUSED;
    return passes ? GW_OK : gw_kafka_fail(error, message->err, "read", rd_kafka_message_errstr(message));
}

static enum gw_status read_all(struct scan *scan, gw_kafka_visit *visit, void *context,
                               struct gw_error *error) {
    int64_t heard_ns = gw_clock_now_ns(&gw_clock_system);
    while (scan->open > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(scan->client, POLL_MS);
        int64_t now_ns = gw_clock_now_ns(&gw_clock_system);
        if (message) {
            bool counts = !message->err || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
            enum gw_status status = take(scan, message, visit, context, error);
            rd_kafka_message_destroy(message);
            if (status != GW_OK) {
                return status;
            }
            heard_ns = counts ? now_ns : heard_ns;
        }
        if (now_ns - heard_ns > scan->settings->timeout_ms * GW_NS_PER_MS) {
            return gw_fail(error, GW_TIMEOUT, GW_NO_POSITION,
                           "%zu partitions could not be read to their ends in time", scan->open);
        }
    }
    return GW_OK;
}

static void close_scan(struct scan *scan) {
    if (scan->client) {
        rd_kafka_consumer_close(scan->client);
    }
    if (scan->list) {
        rd_kafka_topic_partition_list_destroy(scan->list);
    }
    if (scan->client) {
        rd_kafka_destroy(scan->client);
    }
    free(scan->parts);
}

enum gw_status gw_kafka_scan(const struct gw_kafka_scan *settings, gw_kafka_visit *visit, void *context,
                             struct gw_error *error) {
    struct scan scan = {.settings = settings, .list = rd_kafka_topic_partition_list_new(16)};
    enum gw_status status = open_client(&scan, error);
    if (status == GW_OK) {
        status = find_partitions(&scan, error);
    }
    if (status == GW_OK) {
        scan.parts = calloc((size_t)scan.list->cnt + 1, sizeof *scan.parts);
        status = scan.parts ? find_ends(&scan, error)
                            : gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for partitions");
    }
    if (status == GW_OK) {
        status = assign(&scan, error);
    }
    if (status == GW_OK) {
        status = read_all(&scan, visit, context, error);
    }
    close_scan(&scan);
    return status;
}
