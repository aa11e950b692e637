/* The lattice against a plain search in 64 bits, on rows of random scores. */
#include "process/entities/tagger/lattice.h"
#include "unit/unit.h"

#include <stdint.h>

#define ROUNDS       4000
#define TOKENS_MOST  24
#define LONG_TOKENS  3000
#define NO_PATH      (INT64_MIN / 4)
#define SCORE_SPREAD 4000
#define MOVE_SPREAD  1500

static uint64_t state_of_chance = 42;

static int32_t chance(int32_t spread) {
    state_of_chance ^= state_of_chance << 13;
    state_of_chance ^= state_of_chance >> 7;
    state_of_chance ^= state_of_chance << 17;
    return (int32_t)(state_of_chance >> 33) % (2 * spread + 1) - spread;
}

static bool may_follow(int from, int to) {
    return to % 2 == 1 || to == 0 || from == to || from + 1 == to;
}

static void fill_moves(struct gw_tag_row *moves) {
    for (int j = 0; j < GW_TAG_ROW; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            moves[j].weight[k] = (int16_t)(may_follow(j, k) ? chance(MOVE_SPREAD) : GW_TAG_FORBIDDEN);
        }
    }
}

static void fill_scores(struct gw_tag_scores *scores, size_t count, int32_t spread) {
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            scores[i].of[k] = chance(spread);
        }
    }
}

/* The best path's score, with the tag `banned` kept from token `at`; sets its tags unless `tags` is NULL. */
static int64_t search(const struct gw_tag_row *moves, const struct gw_tag_scores *scores, size_t count,
                      size_t at, int banned, uint8_t *tags) {
    static int64_t best[TOKENS_MOST][GW_TAG_COUNT];
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < GW_TAG_COUNT; k++) {
            best[i][k] = NO_PATH;
            for (int j = 0; j < (i == 0 ? 1 : GW_TAG_COUNT); j++) {
                int64_t before = i == 0 ? 0 : best[i - 1][j];
                int64_t here = before + moves[j].weight[k] + scores[i].of[k];
                bool allowed =
                    moves[j].weight[k] > GW_TAG_FORBIDDEN && before > NO_PATH && !(i == at && k == banned);
                best[i][k] = allowed && here > best[i][k] ? here : best[i][k];
            }
        }
    }
    int64_t total = NO_PATH;
    for (size_t i = count; i-- > 0;) {
        int chosen = -1;
        int64_t most = NO_PATH;
        for (int k = 0; k < GW_TAG_COUNT; k++) {
            bool allowed = best[i][k] > NO_PATH &&
                           (i + 1 == count || !tags || moves[k].weight[tags[i + 1]] > GW_TAG_FORBIDDEN);
            int64_t here = best[i][k] + (tags && i + 1 < count ? moves[k].weight[tags[i + 1]] : 0);
            if (allowed && here > most) {
                most = here;
                chosen = k;
            }
        }
        total = i + 1 == count ? most : total;
        if (!tags) {
            break;
        }
        tags[i] = (uint8_t)chosen;
    }
    return total;
}

static void check_round(const struct gw_lattice_kernel *kernel, size_t count) {
    struct gw_tag_row moves[GW_TAG_ROW];
    struct gw_tag_scores scores[TOKENS_MOST], room[2 * TOKENS_MOST];
    struct gw_lattice lattice;
    uint8_t tags[TOKENS_MOST], expected[TOKENS_MOST];
    int32_t margins[TOKENS_MOST];
    fill_moves(moves);
    fill_scores(scores, count, SCORE_SPREAD);
    gw_lattice_init(&lattice, kernel, moves);
    gw_lattice_tag(&lattice, scores, count, room, tags, margins);
    int64_t best = search(moves, scores, count, SIZE_MAX, 0, expected);
    assert_memory_equal(tags, expected, count);
    size_t at = (size_t)chance(1 << 20) % count;
    assert_int_equal(margins[at], best - search(moves, scores, count, at, expected[at], NULL));
}

static void test_it_finds_what_a_plain_search_finds(void **state) {
    (void)state;
    const struct gw_lattice_kernel *fast = gw_lattice_fast();
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = 1 + (size_t)round % TOKENS_MOST;
        check_round(round % 2 && fast ? fast : &gw_lattice_portable, count);
    }
}

static void test_both_kernels_give_the_same_bits(void **state) {
    (void)state;
    const struct gw_lattice_kernel *fast = gw_lattice_fast();
    struct gw_tag_scores scores[TOKENS_MOST], room[2 * TOKENS_MOST];
    struct gw_lattice portable, other;
    uint8_t tags[2][TOKENS_MOST];
    int32_t margins[2][TOKENS_MOST];
    if (!fast) {
        skip();
    }
    for (int round = 0; round < ROUNDS; round++) {
        struct gw_tag_row moves[GW_TAG_ROW];
        const struct gw_tag_row *rows[GW_TAG_ROW];
        size_t count = 1 + (size_t)round % TOKENS_MOST;
        fill_moves(moves);
        fill_scores(scores, count, SCORE_SPREAD);
        struct gw_tag_scores slow_sum = scores[0], fast_sum = scores[0];
        for (int i = 0; i < GW_TAG_ROW; i++) {
            rows[i] = &moves[(size_t)(chance(1 << 20) + (1 << 20)) % GW_TAG_ROW];
        }
        size_t row_count = (size_t)round % (GW_TAG_ROW / GW_TAG_ROWS_AT_ONCE) * GW_TAG_ROWS_AT_ONCE;
        gw_lattice_portable.add(rows, row_count, &scores[0], &slow_sum);
        fast->add(rows, row_count, &fast_sum, &fast_sum);
        assert_memory_equal(&slow_sum, &fast_sum, sizeof slow_sum);
        gw_lattice_init(&portable, &gw_lattice_portable, moves);
        gw_lattice_init(&other, fast, moves);
        gw_lattice_tag(&portable, scores, count, room, tags[0], margins[0]);
        gw_lattice_tag(&other, scores, count, room, tags[1], margins[1]);
        assert_memory_equal(tags[0], tags[1], count);
        assert_memory_equal(margins[0], margins[1], count * sizeof **margins);
    }
}

/* The largest sums that rows can have, over and over, stay inside 32 bits. */
static void test_no_text_is_too_long(void **state) {
    (void)state;
    static struct gw_tag_scores scores[LONG_TOKENS], room[2 * LONG_TOKENS];
    static uint8_t tags[LONG_TOKENS];
    static int32_t margins[LONG_TOKENS];
    struct gw_tag_row moves[GW_TAG_ROW];
    struct gw_lattice lattice;
    fill_moves(moves);
    for (size_t i = 0; i < LONG_TOKENS; i++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            scores[i].of[k] = k == GW_TAG_ORG + (i > 0) ? 64 * INT16_MAX : 64 * INT16_MIN;
        }
    }
    gw_lattice_init(&lattice, &gw_lattice_portable, moves);
    gw_lattice_tag(&lattice, scores, LONG_TOKENS, room, tags, margins);
    assert_int_equal(tags[0], GW_TAG_ORG);
    for (size_t i = 1; i < LONG_TOKENS; i++) {
        assert_int_equal(tags[i], GW_TAG_ORG + 1);
        assert_true(margins[i] > 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_finds_what_a_plain_search_finds),
        cmocka_unit_test(test_both_kernels_give_the_same_bits),
        cmocka_unit_test(test_no_text_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
