/* base/arena.h */
#include "base/arena.h"
#include "unit/dice.h"
#include "unit/failing_allocator.h"

#include <stdalign.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifdef UNDER_ASAN
#include <sanitizer/asan_interface.h>
#endif

struct fixture {
    struct failing_allocator watched;
    struct gw_arena arena;
};

static void begin(struct fixture *f, size_t limit) {
    f->watched = (struct failing_allocator){.fail_at = FAILING_NEVER};
    struct gw_allocator allocator = failing_allocator(&f->watched);
    gw_arena_init(&f->arena, &allocator, limit);
}

/* Ends every test: an arena gives everything back. */
static void end(struct fixture *f) {
    gw_arena_free(&f->arena);
    assert_int_equal(f->arena.taken, 0);
    assert_int_equal(f->watched.in_use, 0);
}

static void takes_no_memory_before_use(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    assert_int_equal(f.watched.calls, 0);
    end(&f);
}

static void pieces_are_aligned_and_apart(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    unsigned char *pieces[300];
    for (size_t i = 0; i < 300; i++) {
        pieces[i] = gw_arena_take(&f.arena, i + 1);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)(i & 0xFF), i + 1);
    }
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(pieces[i][0], i & 0xFF);
        assert_int_equal(pieces[i][i], i & 0xFF);
    }
    end(&f);
}

static void an_empty_piece_is_valid(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 0);
    assert_non_null(gw_arena_take(&f.arena, 0));
    assert_non_null(gw_arena_take_zeroed(&f.arena, 0, 8));
    end(&f);
}

static void a_piece_may_exceed_every_chunk_size(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    size_t size = (size_t)5 << 20;
    unsigned char *piece = gw_arena_take(&f.arena, size);
    assert_non_null(piece);
    memset(piece, 1, size);
    assert_non_null(gw_arena_take(&f.arena, 1));
    end(&f);
}

static void few_chunks_hold_many_pieces(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    for (size_t i = 0; i < 100000; i++) {
        assert_non_null(gw_arena_take(&f.arena, 32));
    }
    assert_true(f.watched.calls < 20);
    end(&f);
}

static void large_arenas_waste_little(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    const size_t pieces = 300, size = (size_t)64 << 10;
    for (size_t i = 0; i < pieces; i++) {
        assert_non_null(gw_arena_take(&f.arena, size));
    }
    assert_in_range(f.arena.taken, pieces * size, pieces * size * 11 / 10);
    end(&f);
}

static void the_limit_counts_everything_that_was_allocated(void **state) {
    (void)state;
    struct fixture f;
    const size_t limit = 100000;
    begin(&f, limit);
    size_t pieces = 0;
    while (gw_arena_take(&f.arena, 100)) {
        pieces++;
    }
    assert_true(f.watched.peak <= limit);
    assert_int_equal(f.watched.in_use, f.arena.taken);
    assert_in_range(pieces, limit / 100 * 3 / 4, limit / 100);
    assert_null(gw_arena_take(&f.arena, 100));
    end(&f);
}

static void a_piece_above_the_limit_is_refused_without_allocating(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 4096);
    assert_null(gw_arena_take(&f.arena, 4096));
    assert_null(gw_arena_take(&f.arena, SIZE_MAX));
    assert_null(gw_arena_take(&f.arena, SIZE_MAX - 15));
    assert_null(gw_arena_take(&f.arena, PTRDIFF_MAX));
    assert_int_equal(f.watched.calls, 0);
    assert_non_null(gw_arena_take(&f.arena, 3000));
    end(&f);
}

static void sizes_that_overflow_are_refused(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    assert_null(gw_arena_take(&f.arena, SIZE_MAX));
    assert_null(gw_arena_take_zeroed(&f.arena, SIZE_MAX / 2, 3));
    int *numbers = gw_arena_take_zeroed(&f.arena, 2, sizeof *numbers);
    assert_null(gw_arena_grow(&f.arena, numbers, 2, SIZE_MAX / 2, sizeof *numbers));
    struct gw_str absurd = {"", SIZE_MAX};
    assert_null(gw_arena_copy(&f.arena, absurd).data);
    end(&f);
}

static void zeroed_means_zeroed_also_after_a_reset(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    memset(gw_arena_take(&f.arena, 4000), 0xFF, 4000);
    gw_arena_reset(&f.arena);
    const unsigned char *bytes = gw_arena_take_zeroed(&f.arena, 1000, 4);
    for (size_t i = 0; i < 4000; i++) {
        assert_int_equal(bytes[i], 0);
    }
    end(&f);
}

static void the_newest_piece_grows_in_place(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    int *numbers = gw_arena_take(&f.arena, 3 * sizeof *numbers);
    memcpy(numbers, (int[]){1, 2, 3}, 3 * sizeof *numbers);
    int *grown = gw_arena_grow(&f.arena, numbers, 3, 100, sizeof *numbers);
    assert_ptr_equal(grown, numbers);
    memset(grown + 3, 0, 97 * sizeof *numbers);
    char *next = gw_arena_take(&f.arena, 1);
    assert_true((char *)(grown + 100) <= next);
    assert_int_equal(grown[2], 3);
    end(&f);
}

static void an_older_piece_grows_by_moving(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    int *numbers = gw_arena_take(&f.arena, 3 * sizeof *numbers);
    memcpy(numbers, (int[]){1, 2, 3}, 3 * sizeof *numbers);
    gw_arena_take(&f.arena, 1);
    int *grown = gw_arena_grow(&f.arena, numbers, 3, 100, sizeof *numbers);
    assert_ptr_not_equal(grown, numbers);
    assert_memory_equal(grown, ((int[]){1, 2, 3}), 3 * sizeof *numbers);
    assert_int_equal(numbers[0], 1);
    end(&f);
}

static void growing_leaves_a_full_chunk(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    size_t count = 1;
    uint32_t *numbers = gw_arena_take(&f.arena, sizeof *numbers);
    numbers[0] = 0;
    while (count < 1000000) {
        numbers = gw_arena_grow(&f.arena, numbers, count, count * 2, sizeof *numbers);
        assert_non_null(numbers);
        for (size_t i = count; i < count * 2; i++) {
            numbers[i] = (uint32_t)i;
        }
        count *= 2;
    }
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(numbers[i], i);
    }
    end(&f);
}

static void growing_nothing_is_taking(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    assert_non_null(gw_arena_grow(&f.arena, NULL, 0, 4, 4));
    void *empty = gw_arena_take(&f.arena, 0);
    char *grown = gw_arena_grow(&f.arena, empty, 0, 16, 1);
    assert_non_null(grown);
    memset(grown, 1, 16);
    end(&f);
}

static void growing_to_less_changes_nothing(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    char *piece = gw_arena_take(&f.arena, 64);
    assert_ptr_equal(gw_arena_grow(&f.arena, piece, 64, 8, 1), piece);
    assert_ptr_equal(gw_arena_grow(&f.arena, piece, 64, 64, 1), piece);
    end(&f);
}

static void growing_beyond_the_limit_keeps_the_old_array(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 8192);
    char *piece = gw_arena_take(&f.arena, 4);
    memcpy(piece, "abc", 4);
    assert_null(gw_arena_grow(&f.arena, piece, 4, 8192, 1));
    assert_string_equal(piece, "abc");
    end(&f);
}

static void a_copy_is_terminated_and_its_own(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    char source[] = {'a', '\0', 'b'};
    struct gw_str copy = gw_arena_copy(&f.arena, (struct gw_str){source, 3});
    source[0] = 'x';
    assert_int_equal(copy.size, 3);
    assert_memory_equal(copy.data, "a\0b\0", 4);
    struct gw_str empty = gw_arena_copy(&f.arena, (struct gw_str){NULL, 0});
    assert_non_null(empty.data);
    assert_string_equal(empty.data, "");
    end(&f);
}

static void a_reset_arena_reuses_its_chunks(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    size_t calls = 0;
    for (size_t round = 0; round < 10; round++) {
        for (size_t i = 0; i < 1000; i++) {
            assert_non_null(gw_arena_take(&f.arena, 500));
        }
        calls = round == 0 ? f.watched.calls : calls;
        gw_arena_reset(&f.arena);
    }
    assert_int_equal(f.watched.calls, calls);
    end(&f);
}

static void a_reset_gives_back_what_one_huge_article_needed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    gw_arena_take(&f.arena, 1000);
    gw_arena_take(&f.arena, 2 * GW_ARENA_KEEP);
    gw_arena_take(&f.arena, 1000);
    gw_arena_reset(&f.arena);
    assert_in_range(f.arena.taken, 1000, GW_ARENA_KEEP);
    assert_int_equal(f.watched.in_use, f.arena.taken);
    end(&f);
}

static void many_chunks_are_kept_only_up_to_the_bound(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    for (size_t i = 0; i < 20; i++) {
        assert_non_null(gw_arena_take(&f.arena, (size_t)700 << 10));
    }
    gw_arena_reset(&f.arena);
    assert_in_range(f.arena.taken, GW_ARENA_KEEP / 2, GW_ARENA_KEEP);
    end(&f);
}

static void kept_chunks_that_are_too_small_stay_for_later(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    gw_arena_take(&f.arena, 100);
    gw_arena_reset(&f.arena);
    assert_non_null(gw_arena_take(&f.arena, 100000));
    size_t calls = f.watched.calls;
    while (f.watched.calls == calls) {
        assert_non_null(gw_arena_take(&f.arena, 10000));
    }
    /* The small first chunk served one of these before a third was needed. */
    assert_int_equal(f.watched.calls, 3);
    end(&f);
}

static void a_freed_arena_may_be_used_again(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    gw_arena_take(&f.arena, 10);
    gw_arena_free(&f.arena);
    assert_int_equal(f.watched.in_use, 0);
    assert_non_null(gw_arena_take(&f.arena, 10));
    end(&f);
}

/* A little of everything; false when memory ran out. */
static bool use(struct gw_arena *arena) {
    char *text = gw_arena_take(arena, 100);
    int *numbers = gw_arena_take_zeroed(arena, 5000, sizeof *numbers);
    struct gw_str copy = gw_arena_copy(arena, GW_STR("copied"));
    if (!text || !numbers || !copy.data) {
        return false;
    }
    memset(text, 1, 100);
    numbers = gw_arena_grow(arena, numbers, 5000, 50000, sizeof *numbers);
    return numbers && numbers[4999] == 0 && memcmp(copy.data, "copied", 7) == 0;
}

static void every_failing_allocation_is_survived(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_arena arena;
        gw_arena_init(&arena, &allocator, SIZE_MAX);
        bool used = use(&arena);
        failed = failing.failed;
        assert_int_equal(used, !failed);
        gw_arena_reset(&arena);
        assert_true(use(&arena));
        gw_arena_free(&arena);
        assert_int_equal(failing.in_use, 0);
    }
}

static void the_sanitizer_sees_what_is_not_handed_out(void **state) {
    (void)state;
#ifdef UNDER_ASAN
    struct fixture f;
    begin(&f, SIZE_MAX);
    char *piece = gw_arena_take(&f.arena, 30);
    assert_false(__asan_address_is_poisoned(piece));
    assert_false(__asan_address_is_poisoned(piece + 29));
    assert_true(__asan_address_is_poisoned(piece + 30));
    gw_arena_take(&f.arena, 30);
    assert_true(__asan_address_is_poisoned(piece + 32));
    char *newest = gw_arena_take(&f.arena, 16);
    assert_ptr_equal(gw_arena_grow(&f.arena, newest, 16, 64, 1), newest);
    assert_false(__asan_address_is_poisoned(newest + 63));
    assert_true(__asan_address_is_poisoned(newest + 64));
    gw_arena_reset(&f.arena);
    assert_true(__asan_address_is_poisoned(piece));
    end(&f);
#else
    skip();
#endif
}

static void rewinding_uses_memory_again(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    unsigned char *first = gw_arena_take(&f.arena, 100);
    memset(first, 7, 100);
    struct gw_arena_mark mark = gw_arena_mark(&f.arena);
    size_t taken = 0;
    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < 100; i++) {
            memset(gw_arena_take(&f.arena, 5000), round, 5000);
        }
        assert_true(round == 0 || f.arena.taken == taken);
        taken = f.arena.taken;
        gw_arena_rewind(&f.arena, mark, NULL, 0);
    }
    assert_int_equal(first[99], 7);
    end(&f);
}

static void rewinding_an_empty_arena_does_nothing(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    struct gw_arena_mark mark = gw_arena_mark(&f.arena);
    gw_arena_rewind(&f.arena, mark, NULL, 0);
    void *all = gw_arena_take(&f.arena, 10), *none = gw_arena_take(&f.arena, 0), *absent = NULL;
    const struct gw_arena_piece kept[] = {{&none, 0}, {&absent, 5}, {&all, 10}};
    memset(all, 3, 10);
    gw_arena_rewind(&f.arena, mark, kept, 3);
    assert_null(absent);
    assert_int_equal(((unsigned char *)all)[9], 3);
    end(&f);
}

/* Pieces of all sizes in chunks of all sizes; some are kept, in any order. */
static void kept_pieces_move_together(void **state) {
    (void)state;
    enum { PIECES = 60, KEPT = 6 };
    struct dice dice = {11};
    for (int round = 0; round < 200; round++) {
        struct fixture f;
        begin(&f, SIZE_MAX);
        unsigned char *before = gw_arena_take(&f.arena, 33);
        memset(before, 1, 33);
        struct gw_arena_mark mark = gw_arena_mark(&f.arena);
        void *pieces[PIECES];
        size_t sizes[PIECES], total = 0;
        for (unsigned i = 0; i < PIECES; i++) {
            sizes[i] = dice_roll(&dice, 10) == 0 ? dice_roll(&dice, 60000) : dice_roll(&dice, 900);
            pieces[i] = gw_arena_take(&f.arena, sizes[i]);
            memset(pieces[i], (int)i, sizes[i]);
        }
        struct gw_arena_piece kept[KEPT];
        unsigned chosen[KEPT], start = (unsigned)dice_roll(&dice, PIECES);
        for (unsigned k = 0; k < KEPT; k++) {
            chosen[k] = (start + 7 * k) % PIECES;
            kept[k] = (struct gw_arena_piece){&pieces[chosen[k]], sizes[chosen[k]]};
            total += sizes[chosen[k]];
        }
        size_t taken = f.arena.taken;
        gw_arena_rewind(&f.arena, mark, kept, KEPT);
        assert_int_equal(f.arena.taken, taken);
        memset(gw_arena_take(&f.arena, 3000), 0xFF, 3000);
        assert_int_equal(before[32], 1);
        for (unsigned k = 0; k < KEPT; k++) {
            const unsigned char *piece = pieces[chosen[k]];
            for (size_t b = 0; b < sizes[chosen[k]]; b++) {
                assert_int_equal(piece[b], chosen[k]);
            }
        }
        assert_true(total <= taken);
        end(&f);
    }
}

#ifdef UNDER_ASAN
static void what_was_rewound_is_poisoned(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    struct gw_arena_mark mark = gw_arena_mark(&f.arena);
    unsigned char *lost = gw_arena_take(&f.arena, 64);
    void *kept = gw_arena_take(&f.arena, 16);
    unsigned char *old = kept;
    const struct gw_arena_piece pieces[] = {{&kept, 16}};
    gw_arena_rewind(&f.arena, mark, pieces, 1);
    assert_ptr_equal(kept, lost);
    assert_true(__asan_address_is_poisoned(lost + 16));
    assert_true(__asan_address_is_poisoned(old));
    end(&f);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rewinding_uses_memory_again),
        cmocka_unit_test(rewinding_an_empty_arena_does_nothing),
        cmocka_unit_test(kept_pieces_move_together),
#ifdef UNDER_ASAN
        cmocka_unit_test(what_was_rewound_is_poisoned),
#endif
        cmocka_unit_test(takes_no_memory_before_use),
        cmocka_unit_test(pieces_are_aligned_and_apart),
        cmocka_unit_test(an_empty_piece_is_valid),
        cmocka_unit_test(a_piece_may_exceed_every_chunk_size),
        cmocka_unit_test(few_chunks_hold_many_pieces),
        cmocka_unit_test(large_arenas_waste_little),
        cmocka_unit_test(the_limit_counts_everything_that_was_allocated),
        cmocka_unit_test(a_piece_above_the_limit_is_refused_without_allocating),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(zeroed_means_zeroed_also_after_a_reset),
        cmocka_unit_test(the_newest_piece_grows_in_place),
        cmocka_unit_test(an_older_piece_grows_by_moving),
        cmocka_unit_test(growing_leaves_a_full_chunk),
        cmocka_unit_test(growing_nothing_is_taking),
        cmocka_unit_test(growing_to_less_changes_nothing),
        cmocka_unit_test(growing_beyond_the_limit_keeps_the_old_array),
        cmocka_unit_test(a_copy_is_terminated_and_its_own),
        cmocka_unit_test(a_reset_arena_reuses_its_chunks),
        cmocka_unit_test(a_reset_gives_back_what_one_huge_article_needed),
        cmocka_unit_test(many_chunks_are_kept_only_up_to_the_bound),
        cmocka_unit_test(kept_chunks_that_are_too_small_stay_for_later),
        cmocka_unit_test(a_freed_arena_may_be_used_again),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(the_sanitizer_sees_what_is_not_handed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
