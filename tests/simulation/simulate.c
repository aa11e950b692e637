/* Random schedules of polls, answers, failures, rebalances and crashes against the program's own pipeline and
 * window.
 *
 *     simulate [SEEDS [FIRST]]      runs so many schedules; exit 1 at the first that breaks a promise
 *
 * A schedule that breaks one is made as short as it gets, and shown: each line can be left out no more.
 */
#include "simulation/client.h"
#include "unit/dice.h"
#include "unit/enriching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ACTIONS_MAX   160
#define SEEDS_DEFAULT 2000
#define NUMBERS       36 /* what an action draws beside its member */
#define MESSAGES      6
#define CALM_ROUNDS   4000
#define CALM_STEP_MS  10

enum operation {
    STEP,
    ANSWER,
    GIVE_UP,
    REFUSE,
    PASS_TIME,
    BE_FULL,
    ANSWER_LATE,
    FAIL_COMMIT,
    FAIL_ABORT,
    MOVE,
    EXPEL,
    TIME_OUT,
    CRASH,
    CRASH_AND_STAY,
    OPERATION_COUNT
};

/* How often each is drawn, and its name. */
static const struct {
    const char *name;
    unsigned weight;
} operations[OPERATION_COUNT] = {
    [STEP] = {"step, with so many messages to take", 40},
    [ANSWER] = {"brokers answer for so many messages", 20},
    [GIVE_UP] = {"a message times out", 2},
    [REFUSE] = {"a message is too large for the brokers", 2},
    [PASS_TIME] = {"so many times 10 ms pass", 12},
    [BE_FULL] = {"so many sends find the queue full", 3},
    [ANSWER_LATE] = {"brokers stop answering while it waits", 4},
    [FAIL_COMMIT] = {"the next commits fail, in this way", 6},
    [FAIL_ABORT] = {"the next abort is not answered", 2},
    [MOVE] = {"it is to get this partition", 8},
    [EXPEL] = {"its session runs out", 2},
    [TIME_OUT] = {"its transaction takes too long", 2},
    [CRASH] = {"it dies and is started again; so many messages had arrived", 4},
    [CRASH_AND_STAY] = {"it dies for now; so many messages had arrived", 2},
};

struct action {
    enum operation operation;
    int member;
    size_t number;
};

struct schedule {
    bool exactly_once;
    int partitions, members;
    int64_t end;
    struct action actions[ACTIONS_MAX];
    size_t count;
};

static struct gw_enricher *enrichers[MEMBERS_MAX];

static enum operation draw_operation(struct dice *dice) {
    size_t sum = 0;
    for (size_t i = 0; i < OPERATION_COUNT; i++) {
        sum += operations[i].weight;
    }
    size_t roll = dice_roll(dice, sum), i = 0;
    while (roll >= operations[i].weight) {
        roll -= operations[i++].weight;
    }
    return (enum operation)i;
}

static void draw_schedule(struct schedule *schedule, uint64_t seed) {
    struct dice dice = {seed};
    schedule->exactly_once = dice_roll(&dice, 3) > 0;
    schedule->partitions = 1 + (int)dice_roll(&dice, PARTITIONS_MAX);
    schedule->members = 1 + (int)dice_roll(&dice, MEMBERS_MAX);
    schedule->end = 1 + (int64_t)dice_roll(&dice, OFFSETS_MAX);
    schedule->count = 1 + dice_roll(&dice, ACTIONS_MAX);
    for (size_t i = 0; i < schedule->count; i++) {
        schedule->actions[i] =
            (struct action){draw_operation(&dice), (int)dice_roll(&dice, (size_t)schedule->members),
                            dice_roll(&dice, NUMBERS)};
    }
}

static void restart_if_gone(struct client *client) {
    if (!client->pipeline) {
        client_start(client);
    }
}

static void act(struct cluster *cluster, struct client *client, const struct action *action) {
    switch (action->operation) {
    case STEP:
        restart_if_gone(client);
        client_step(client, action->number % MESSAGES);
        break;
    case ANSWER:
        client_answer(client, 1 + action->number % MESSAGES, GW_OK);
        break;
    case GIVE_UP:
        client_answer(client, 1, GW_TIMEOUT);
        break;
    case REFUSE:
        client_answer(client, 1, GW_OUTPUT_TOO_LARGE);
        break;
    case PASS_TIME:
        fake_clock_advance_ms(client->time, (int64_t)action->number * 10);
        break;
    case BE_FULL:
        client->sink.full = action->number % MESSAGES;
        break;
    case ANSWER_LATE:
        client->sink.eager = false;
        break;
    case FAIL_COMMIT:
        client->sink.fault = (enum commit_fault)(action->number % COMMIT_FAULT_COUNT);
        client->sink.faults = 1 + action->number / COMMIT_FAULT_COUNT;
        break;
    case FAIL_ABORT:
        client->sink.abort_unheard = true;
        break;
    case MOVE:
        cluster_move(cluster, (int)action->number % cluster->partitions, client->number);
        break;
    case EXPEL:
        cluster_expel(cluster, client->number);
        break;
    case TIME_OUT:
        cluster_time_out(cluster, client->number);
        break;
    case CRASH:
        client_crash(client, action->number % MESSAGES);
        client_start(client);
        break;
    case CRASH_AND_STAY:
        client_crash(client, action->number % MESSAGES);
        break;
    case OPERATION_COUNT:
        break;
    }
}

/* From here on nothing fails any more: all must get done. */
static void calm_down(struct cluster *cluster, struct client *clients, struct fake_clock *time_now) {
    for (int i = 0; i < cluster->members; i++) {
        restart_if_gone(&clients[i]);
        clients[i].sink.full = 0;
        clients[i].sink.eager = true;
        clients[i].sink.faults = 0;
        clients[i].sink.abort_unheard = false;
    }
    for (int round = 0; round < CALM_ROUNDS && !cluster->broken; round++) {
        for (int i = 0; i < cluster->members; i++) {
            client_step(&clients[i], OFFSETS_MAX);
            client_answer(&clients[i], PENDING_MAX, GW_OK);
        }
        if (cluster_is_done(cluster)) {
            return;
        }
        fake_clock_advance_ms(time_now, CALM_STEP_MS);
    }
    cluster_break(cluster, "not everything got done");
}

/* Returns the promise that was broken; NULL: none. */
static const char *run(const struct schedule *schedule) {
    static struct cluster cluster;
    static struct client clients[MEMBERS_MAX];
    struct fake_clock time_now = {.monotonic_ns = GW_NS_PER_S};
    cluster_init(&cluster, schedule->exactly_once, schedule->partitions, schedule->members, schedule->end);
    for (int i = 0; i < schedule->members; i++) {
        clients[i] =
            (struct client){.cluster = &cluster, .number = i, .time = &time_now, .enricher = enrichers[i]};
        client_start(&clients[i]);
    }
    for (size_t i = 0; i < schedule->count && !cluster.broken; i++) {
        act(&cluster, &clients[schedule->actions[i].member], &schedule->actions[i]);
    }
    calm_down(&cluster, clients, &time_now);
    for (int i = 0; i < schedule->members; i++) {
        client_crash(&clients[i], 0);
    }
    return cluster.broken;
}

/* Shrinking */

static struct schedule without(const struct schedule *schedule, size_t first, size_t count) {
    struct schedule shorter = *schedule;
    shorter.count -= count;
    memmove(shorter.actions + first, shorter.actions + first + count,
            (shorter.count - first) * sizeof *shorter.actions);
    return shorter;
}

static bool leave_out(struct schedule *schedule, size_t size) {
    bool changed = false;
    for (size_t first = 0; first + size <= schedule->count;) {
        struct schedule shorter = without(schedule, first, size);
        if (run(&shorter)) {
            *schedule = shorter;
            changed = true;
        } else {
            first++;
        }
    }
    return changed;
}

static bool has_fewer_inputs(struct schedule *schedule) {
    struct schedule smaller = *schedule;
    smaller.end--;
    if (smaller.end == 0 || !run(&smaller)) {
        return false;
    }
    *schedule = smaller;
    return true;
}

static void shrink(struct schedule *schedule) {
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t size = schedule->count; size > 0; size /= 2) {
            changed = leave_out(schedule, size) || changed;
        }
        while (has_fewer_inputs(schedule)) {
            changed = true;
        }
    }
}

static void show(const struct schedule *schedule) {
    printf("%s, %d partitions of %lld inputs, %d workers\n",
           schedule->exactly_once ? "exactly_once" : "at_least_once", schedule->partitions,
           (long long)schedule->end, schedule->members);
    for (size_t i = 0; i < schedule->count; i++) {
        const struct action *action = &schedule->actions[i];
        printf("  worker %d: %s (%zu)\n", action->member, operations[action->operation].name, action->number);
    }
}

static int report(struct schedule *schedule, uint64_t seed, const char *broken) {
    printf("seed %llu: %s, after %zu actions; shrinking\n", (unsigned long long)seed, broken,
           schedule->count);
    shrink(schedule);
    printf("%s:\n", run(schedule));
    show(schedule);
    return 1;
}

static bool open_enrichers(struct gw_model **model) {
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "simulation", -1);
    bool opened = gw_model_open(GW_SOURCE_DIR "/models/en-news.gwm", model, NULL) == GW_OK;
    const struct gw_enrich_settings settings = enriching_with(*model);
    for (int i = 0; i < MEMBERS_MAX && opened; i++) {
        opened = gw_enricher_open(&settings, &enrichers[i], NULL) == GW_OK;
    }
    return opened;
}

int main(int argc, char **argv) {
    uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : SEEDS_DEFAULT;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    struct gw_model *model = NULL;
    int failed = 0;
    if (!open_enrichers(&model)) {
        fputs("the model cannot be opened\n", stderr);
        return 2;
    }
    for (uint64_t seed = first; seed < first + seeds && !failed; seed++) {
        struct schedule schedule;
        draw_schedule(&schedule, seed);
        const char *broken = run(&schedule);
        failed = broken ? report(&schedule, seed, broken) : 0;
    }
    printf("%llu schedules%s in %.1f s of processor time\n", (unsigned long long)seeds,
           failed ? " at most" : "", (double)clock() / CLOCKS_PER_SEC);
    for (int i = 0; i < MEMBERS_MAX; i++) {
        gw_enricher_close(enrichers[i]);
    }
    gw_model_close(model);
    return failed;
}
