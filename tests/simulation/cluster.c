/* What brokers do, and the promises that are checked whenever something becomes visible. */
#include "simulation/cluster.h"

#include <string.h>

void cluster_init(struct cluster *cluster, bool exactly_once, int partitions, int members, int64_t end) {
    memset(cluster, 0, sizeof *cluster);
    cluster->exactly_once = exactly_once;
    cluster->partitions = partitions;
    cluster->members = members;
    cluster->end = end;
    for (int i = 0; i < partitions; i++) {
        cluster->owner[i] = NOBODY;
        cluster->target[i] = i % members;
    }
}

void cluster_break(struct cluster *cluster, const char *what) {
    if (!cluster->broken) {
        cluster->broken = what;
    }
}

static unsigned times_visible(const struct cluster *cluster, int partition, int64_t offset) {
    unsigned times = 0;
    for (size_t i = 0; i < cluster->output_count; i++) {
        const struct output *output = &cluster->outputs[i];
        times +=
            output->state == OUTPUT_COMMITTED && output->partition == partition && output->offset == offset;
    }
    return times;
}

static void store_offset(struct cluster *cluster, int partition, int64_t offset) {
    if (offset < cluster->committed[partition] && cluster->exactly_once) {
        cluster_break(cluster, "an offset went back");
    }
    cluster->committed[partition] = offset;
    for (int64_t i = 0; i < offset; i++) {
        unsigned times = times_visible(cluster, partition, i);
        if (times == 0) {
            cluster_break(cluster, "an offset passed an input without an output");
        }
        if (times > 1 && cluster->exactly_once) {
            cluster_break(cluster, "an input has two outputs");
        }
    }
}

void cluster_end_transaction(struct cluster *cluster, int member, bool commit) {
    struct transaction *transaction = &cluster->member[member].transaction;
    for (size_t i = 0; i < cluster->output_count; i++) {
        struct output *output = &cluster->outputs[i];
        if (output->member == member && output->state == OUTPUT_PENDING) {
            output->state = commit ? OUTPUT_COMMITTED : OUTPUT_ABORTED;
        }
    }
    for (int i = 0; commit && transaction->has_offsets && i < cluster->partitions; i++) {
        if (transaction->offsets[i] != NO_OFFSET) {
            store_offset(cluster, i, transaction->offsets[i]);
        }
    }
    transaction->open = transaction->has_offsets = false;
}

void cluster_let_go(struct cluster *cluster, int partition) {
    cluster->owner[partition] = NOBODY;
    cluster->generation++;
}

void cluster_start(struct cluster *cluster, int member) {
    cluster_end_transaction(cluster, member, false);
    struct member *self = &cluster->member[member];
    self->transaction.epoch++;
    self->alive = true;
    self->expelled = false;
    self->generation = cluster->generation;
}

bool cluster_hear(struct cluster *cluster, int member) {
    struct member *self = &cluster->member[member];
    bool expelled = self->expelled;
    self->expelled = false;
    self->generation = cluster->generation;
    return expelled;
}

void cluster_move(struct cluster *cluster, int partition, int member) {
    cluster->target[partition] = member;
}

static int next_alive(const struct cluster *cluster, int member) {
    for (int i = 1; i < cluster->members; i++) {
        int other = (member + i) % cluster->members;
        if (cluster->member[other].alive) {
            return other;
        }
    }
    return member;
}

void cluster_expel(struct cluster *cluster, int member) {
    int heir = next_alive(cluster, member);
    for (int i = 0; i < cluster->partitions; i++) {
        if (cluster->owner[i] == member) {
            cluster->owner[i] = NOBODY;
        }
        if (cluster->target[i] == member) {
            cluster->target[i] = heir;
        }
    }
    cluster->member[member].expelled = true;
    cluster->generation++;
}

static bool is_stable(const struct cluster *cluster, int partition) {
    for (int i = 0; i < cluster->members; i++) {
        const struct transaction *transaction = &cluster->member[i].transaction;
        if (transaction->has_offsets && transaction->offsets[partition] != NO_OFFSET) {
            return false;
        }
    }
    return true;
}

bool cluster_claim(struct cluster *cluster, int member, int partition, int64_t *offset) {
    bool free = cluster->owner[partition] == NOBODY || cluster->owner[partition] == member;
    if (cluster->target[partition] != member || !free || !is_stable(cluster, partition)) {
        return false;
    }
    if (cluster->owner[partition] == NOBODY) {
        cluster->generation++;
        cluster->member[member].generation = cluster->generation;
    }
    cluster->owner[partition] = member;
    *offset = cluster->committed[partition];
    return true;
}

static bool is_current(const struct cluster *cluster, int member, unsigned generation) {
    return generation == cluster->generation && !cluster->member[member].expelled;
}

void cluster_commit_offset(struct cluster *cluster, int member, unsigned generation, int partition,
                           int64_t offset) {
    if (is_current(cluster, member, generation)) {
        store_offset(cluster, partition, offset);
    }
}

void cluster_append(struct cluster *cluster, int member, int partition, int64_t offset) {
    if (cluster->output_count == OUTPUTS_MAX) {
        cluster_break(cluster, "there are outputs without end");
        return;
    }
    cluster->outputs[cluster->output_count++] =
        (struct output){partition, offset, member, cluster->exactly_once ? OUTPUT_PENDING : OUTPUT_COMMITTED};
    cluster->member[member].transaction.open = cluster->exactly_once;
}

bool cluster_add_offsets(struct cluster *cluster, int member, unsigned generation,
                         const int64_t offsets[PARTITIONS_MAX]) {
    if (!is_current(cluster, member, generation)) {
        return false;
    }
    struct transaction *transaction = &cluster->member[member].transaction;
    transaction->open = transaction->has_offsets = true;
    memcpy(transaction->offsets, offsets, sizeof transaction->offsets);
    return true;
}

void cluster_time_out(struct cluster *cluster, int member) {
    struct transaction *transaction = &cluster->member[member].transaction;
    if (transaction->open) {
        cluster_end_transaction(cluster, member, false);
        transaction->epoch++;
    }
}

static void check_order(struct cluster *cluster) {
    int64_t next[PARTITIONS_MAX] = {0};
    for (size_t i = 0; i < cluster->output_count; i++) {
        const struct output *output = &cluster->outputs[i];
        if (output->state == OUTPUT_COMMITTED && output->offset != next[output->partition]++) {
            cluster_break(cluster, "outputs are out of order");
        }
    }
}

bool cluster_is_done(struct cluster *cluster) {
    for (int i = 0; i < cluster->partitions; i++) {
        if (cluster->committed[i] != cluster->end) {
            return false;
        }
    }
    for (int i = 0; i < cluster->members; i++) {
        if (cluster->member[i].transaction.open) {
            return false;
        }
    }
    if (cluster->exactly_once) {
        check_order(cluster);
    }
    return true;
}
