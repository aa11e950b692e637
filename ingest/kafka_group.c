/* The members' partitions in one list, against what the topics have. */
#include "ingest/kafka_group.h"

#include <stdbool.h>
#include <string.h>

static void add_member(rd_kafka_topic_partition_list_t *owned, const rd_kafka_MemberDescription_t *member) {
    const rd_kafka_MemberAssignment_t *assignment = rd_kafka_MemberDescription_assignment(member);
    const rd_kafka_topic_partition_list_t *list =
        assignment ? rd_kafka_MemberAssignment_partitions(assignment) : NULL;
    for (int i = 0; list && i < list->cnt; i++) {
        rd_kafka_topic_partition_list_add(owned, list->elems[i].topic, list->elems[i].partition);
    }
}

/* What the members own; NULL unless they have agreed. */
static rd_kafka_topic_partition_list_t *owned_by(const rd_kafka_ConsumerGroupDescription_t *group) {
    if (rd_kafka_ConsumerGroupDescription_error(group) ||
        rd_kafka_ConsumerGroupDescription_state(group) != RD_KAFKA_CONSUMER_GROUP_STATE_STABLE) {
        return NULL;
    }
    rd_kafka_topic_partition_list_t *owned = rd_kafka_topic_partition_list_new(0);
    size_t count = rd_kafka_ConsumerGroupDescription_member_count(group);
    for (size_t i = 0; i < count; i++) {
        add_member(owned, rd_kafka_ConsumerGroupDescription_member(group, i));
    }
    return owned;
}

static rd_kafka_topic_partition_list_t *ask_for_owned(rd_kafka_t *client, const char *group, int timeout_ms) {
    rd_kafka_queue_t *answers = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
    rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, NULL, 0);
    rd_kafka_DescribeConsumerGroups(client, &group, 1, options, answers);
    rd_kafka_event_t *answer = rd_kafka_queue_poll(answers, timeout_ms);
    const rd_kafka_DescribeConsumerGroups_result_t *result =
        answer ? rd_kafka_event_DescribeConsumerGroups_result(answer) : NULL;
    size_t count = 0;
    const rd_kafka_ConsumerGroupDescription_t **groups =
        result ? rd_kafka_DescribeConsumerGroups_result_groups(result, &count) : NULL;
    rd_kafka_topic_partition_list_t *owned = count == 1 ? owned_by(groups[0]) : NULL;
    if (answer) {
        rd_kafka_event_destroy(answer);
    }
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(answers);
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
