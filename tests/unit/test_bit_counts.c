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

static void test_the_majority_of_any_words(void **state) {
    (void)state;
    struct dice dice = {7};
    for (unsigned once_count = 0; once_count < 40; once_count++) {
        for (unsigned twice_count = 0; twice_count < 40; twice_count++) {
            struct gw_bit_counts once = {.added = 0}, twice = {.added = 0};
            unsigned plain[64] = {0}, total = once_count + 2 * twice_count;
            uint64_t expected = 0;
            for (unsigned i = 0; i < once_count + twice_count; i++) {
                uint64_t word = random_word(&dice);
                unsigned weight = i < once_count ? 1 : 2;
                gw_bit_counts_add(weight == 1 ? &once : &twice, word);
                for (unsigned bit = 0; bit < 64; bit++) {
                    plain[bit] += (unsigned)(word >> bit & 1) * weight;
                }
            }
            for (unsigned bit = 0; bit < 64; bit++) {
                expected |= (uint64_t)(plain[bit] * 2 > total) << bit;
            }
            assert_true(gw_bit_counts_majority(&once, &twice) == expected);
        }
    }
}

static void test_many_words_carry_far(void **state) {
    (void)state;
    struct gw_bit_counts once = {.added = 0}, twice = {.added = 0};
    for (uint32_t i = 0; i < 1000000; i++) {
        gw_bit_counts_add(&once, i % 2 ? UINT64_C(0xF0F0) : UINT64_C(0xFF00));
    }
    assert_true(gw_bit_counts_majority(&once, &twice) == UINT64_C(0xF000));
    gw_bit_counts_add(&twice, UINT64_C(0xFF)); /* tips the balance of four bits */
    assert_true(gw_bit_counts_majority(&once, &twice) == UINT64_C(0xF0F0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_majority_of_any_words),
        cmocka_unit_test(test_many_words_carry_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
