/* The bit-sliced counts against plain ones. */
#include "process/document/bit_counts.h"
#include "unit/dice.h"
#include "unit/unit.h"

static uint64_t random_word(struct dice *dice) {
    uint64_t word = 0;
    for (int i = 0; i < 8; i++) {
        word = word << 8 | dice_roll(dice, 256);
    }
    return word;
}

#define WORDS_MOST 40U

static void test_the_majority_of_any_words(void **state) {
    (void)state;
    struct dice dice = {7};
    uint64_t words[2 * WORDS_MOST];
    for (unsigned once_count = 0; once_count < WORDS_MOST; once_count++) {
        for (unsigned twice_count = 0; twice_count < WORDS_MOST; twice_count++) {
            struct gw_bit_counts once = {.planes = {{0}}}, twice = {.planes = {{0}}};
            unsigned plain[64] = {0}, total = once_count + 2 * twice_count;
            uint64_t expected = 0;
            for (unsigned i = 0; i < once_count + twice_count; i++) {
                words[i] = random_word(&dice);
                for (unsigned bit = 0; bit < 64; bit++) {
                    plain[bit] += (unsigned)(words[i] >> bit & 1) * (i < once_count ? 1 : 2);
                }
            }
            gw_bit_counts_add(&once, words, once_count / 2);
            gw_bit_counts_add(&once, words + once_count / 2, once_count - once_count / 2);
            gw_bit_counts_add(&twice, words + once_count, twice_count);
            for (unsigned bit = 0; bit < 64; bit++) {
                expected |= (uint64_t)(plain[bit] * 2 > total) << bit;
            }
            assert_true(gw_bit_counts_majority(&once, &twice, total) == expected);
        }
    }
}

static void test_many_words_carry_far(void **state) {
    (void)state;
    struct gw_bit_counts once = {.planes = {{0}}}, twice = {.planes = {{0}}};
    const uint64_t two[] = {UINT64_C(0xF0F0), UINT64_C(0xFF00)}, more = UINT64_C(0xFF);
    for (uint32_t i = 0; i < 500000; i++) {
        gw_bit_counts_add(&once, two, 2);
    }
    assert_true(gw_bit_counts_majority(&once, &twice, 1000000) == UINT64_C(0xF000));
    gw_bit_counts_add(&twice, &more, 1); /* tips the balance of four bits */
    assert_true(gw_bit_counts_majority(&once, &twice, 1000002) == UINT64_C(0xF0F0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_majority_of_any_words),
        cmocka_unit_test(test_many_words_carry_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
