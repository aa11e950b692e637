/* A Kafka in memory, as far as a consumer group and transactions go: what brokers know and promise, and
 * nothing of clients. Every broken promise is noted. Time is the caller's; so are all decisions.
 *
 * The group is cooperative: a partition is taken from its owner first, and given to the next one when the
 * owner has let it go (or is taken for dead). A new owner begins at the committed offset, once no transaction
 * is open that may still change it.
 */
#ifndef GW_TESTS_SIMULATION_CLUSTER_H
#define GW_TESTS_SIMULATION_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARTITIONS_MAX 3
#define MEMBERS_MAX    3
#define OFFSETS_MAX    12
#define OUTPUTS_MAX    4096
#define NOBODY         (-1)
#define NO_OFFSET      INT64_C(-1)

enum output_state { OUTPUT_PENDING, OUTPUT_COMMITTED, OUTPUT_ABORTED };

struct output {
    int partition;
    int64_t offset; /* of the input */
    int member;
    enum output_state state;
};

/* A producer's transaction, as its coordinator sees it. */
struct transaction {
    unsigned epoch; /* an older producer of the name is fenced */
    bool open;
    bool has_offsets;
    int64_t offsets[PARTITIONS_MAX]; /* NO_OFFSET: none for this one */
};

struct member {
    bool alive;
    unsigned generation; /* that it has heard of */
    bool expelled;       /* it was taken for dead, and does not know yet */
    struct transaction transaction;
};

struct cluster {
    bool exactly_once;
    int partitions, members;
    int64_t end; /* inputs of each partition */
    int64_t committed[PARTITIONS_MAX];
    int owner[PARTITIONS_MAX], target[PARTITIONS_MAX];
    unsigned generation;
    struct member member[MEMBERS_MAX];
    struct output outputs[OUTPUTS_MAX];
    size_t output_count;
    const char *broken; /* the first promise that was; NULL: none */
};

void cluster_init(struct cluster *cluster, bool exactly_once, int partitions, int members, int64_t end);

/* Notes a broken promise. */
void cluster_break(struct cluster *cluster, const char *what);

/* The group */

/* The member's process is there (again): an open transaction of its name is aborted, and older producers of
 * the name are fenced. It keeps what it owned. */
void cluster_start(struct cluster *cluster, int member);

/* It hears what is new: returns whether it was expelled, which it is told once. */
bool cluster_hear(struct cluster *cluster, int member);

/* Wants the partition to go to this member. */
void cluster_move(struct cluster *cluster, int partition, int member);

/* The owner has let it go. */
void cluster_let_go(struct cluster *cluster, int partition);

/* The session of this member has run out: all that it owned goes to the next living member. */
void cluster_expel(struct cluster *cluster, int member);

/* Whether the member may take the partition now, and from where. */
bool cluster_claim(struct cluster *cluster, int member, int partition, int64_t *offset);

/* Offsets outside transactions. Ignored of one that is not in the current generation. */
void cluster_commit_offset(struct cluster *cluster, int member, unsigned generation, int partition,
                           int64_t offset);

/* Records and transactions */

void cluster_append(struct cluster *cluster, int member, int partition, int64_t offset);

/* False: this generation is over. */
bool cluster_add_offsets(struct cluster *cluster, int member, unsigned generation,
                         const int64_t offsets[PARTITIONS_MAX]);
void cluster_end_transaction(struct cluster *cluster, int member, bool commit);

/* The coordinator gives a transaction up that took too long, and fences its producer. */
void cluster_time_out(struct cluster *cluster, int member);

/* Whether all inputs are done; then checks what was promised of the whole. */
bool cluster_is_done(struct cluster *cluster);

#endif
