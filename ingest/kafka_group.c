/* The members' partitions in one list, against what the topics have. */
#include "ingest/kafka_group.h"

#include "base/cursor.h"
#include "transport/kafka_settings.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* One topic of an assignment, with its partitions; false when it is cut short. */
static bool add_topic(rd_kafka_topic_partition_list_t *owned, struct gw_cursor *cursor) {
    char topic[GW_TOPIC_BYTES_MAX + 1];
    uint16_t size;
    uint32_t count, partition;
    struct gw_str name;
    if (!gw_cursor_be16(cursor, &size) || size > GW_TOPIC_BYTES_MAX || !gw_cursor_take(cursor, size, &name) ||
        !gw_cursor_be32(cursor, &count)) {
        return false;
    }
    memcpy(topic, name.data, size);
    topic[size] = '\0';
    for (; count > 0 && gw_cursor_be32(cursor, &partition); count--) {
        rd_kafka_topic_partition_list_add(owned, topic, (int32_t)partition);
    }
    return count == 0;
}

/* ConsumerProtocolAssignment: version, then topics. */
static void add_member(rd_kafka_topic_partition_list_t *owned,
                       const struct rd_kafka_group_member_info *member) {
    struct gw_cursor cursor =
        gw_cursor_over(member->member_assignment, (size_t)member->member_assignment_size);
    uint16_t version;
    uint32_t count;
    if (gw_cursor_be16(&cursor, &version) && gw_cursor_be32(&cursor, &count)) {
        while (count-- > 0 && add_topic(owned, &cursor)) {
        }
    }
}

/* What the members own; NULL unless they have agreed. librdkafka's newer call for this,
 * DescribeConsumerGroups, ends the process (an assertion, in 2.0.2) when brokers go meanwhile. */
static rd_kafka_topic_partition_list_t *ask_for_owned(rd_kafka_t *client, const char *group, int timeout_ms) {
    const struct rd_kafka_group_list *groups;
    rd_kafka_topic_partition_list_t *owned = NULL;
    if (rd_kafka_list_groups(client, group, &groups, timeout_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return NULL;
    }
    if (groups->group_cnt == 1 && !groups->groups[0].err && strcmp(groups->groups[0].state, "Stable") == 0) {
        owned = rd_kafka_topic_partition_list_new(0);
        for (int i = 0; i < groups->groups[0].member_cnt; i++) {
            add_member(owned, &groups->groups[0].members[i]);
        }
    }
    rd_kafka_group_list_destroy(groups);
    return owned;
}

static bool is_subscribed(const char *name, const char *const *topics, size_t topic_count,
                          const rd_kafka_topic_partition_list_t *owned) {
    for (size_t i = 0; i < topic_count; i++) {
        if (strcmp(topics[i], name) == 0) {
            return true;
        }
    }
    for (int i = 0; i < owned->cnt; i++) {
        if (strcmp(owned->elems[i].topic, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_whole(rd_kafka_topic_partition_list_t *owned, const rd_kafka_metadata_topic_t *topic) {
    for (int i = 0; i < topic->partition_cnt; i++) {
        if (!rd_kafka_topic_partition_list_find(owned, topic->topic, topic->partitions[i].id)) {
            return false;
        }
    }
    return true;
}

enum gw_kafka_group gw_kafka_group_look(rd_kafka_t *client, const char *group, const char *const *topics,
                                        size_t topic_count, int timeout_ms) {
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_partition_list_t *owned = ask_for_owned(client, group, timeout_ms);
    if (!owned) {
        return GW_KAFKA_GROUP_UNKNOWN;
    }
    enum gw_kafka_group found = GW_KAFKA_GROUP_UNKNOWN;
    if (rd_kafka_metadata(client, 0, NULL, &metadata, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        found = GW_KAFKA_GROUP_WHOLE;
        for (int i = 0; i < metadata->topic_cnt; i++) {
            const rd_kafka_metadata_topic_t *topic = &metadata->topics[i];
            if (!topic->err && is_subscribed(topic->topic, topics, topic_count, owned) &&
                !is_whole(owned, topic)) {
                found = GW_KAFKA_GROUP_HAS_ORPHANS;
            }
        }
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_partition_list_destroy(owned);
    return found;
}
