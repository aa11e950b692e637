/* Opening a model: what is sound is opened, what was altered or cut is refused with a reason. */
#include "process/model_tables.h"
#include "unit/dice.h"
#include "unit/process_bench.h"
#include "unit/scratch_dir.h"

#include <stdlib.h>

static struct gw_str sound; /* the released model's bytes */
static char *copy;          /* room to alter them in */

static int copy_open(void **state) {
    struct gw_error error = {.status = GW_OK};
    if (bench_open(state) != 0 || gw_file_read(BENCH_MODEL, GW_MODEL_BYTES_MAX, &sound, &error) != GW_OK) {
        return -1;
    }
    copy = malloc(sound.size);
    return copy ? 0 : -1;
}

static int copy_close(void **state) {
    free((void *)(uintptr_t)sound.data);
    free(copy);
    return bench_close(state);
}

static int restore(void **state) {
    (void)state;
    memcpy(copy, sound.data, sound.size);
    return 0;
}

static struct gw_model_header *header(void) {
    return (struct gw_model_header *)(void *)copy;
}

static struct gw_model_section *section(enum gw_model_section_kind kind) {
    return (struct gw_model_section *)(void *)(copy + sizeof(struct gw_model_header)) + kind;
}

static void *records(enum gw_model_section_kind kind) {
    return copy + section(kind)->offset;
}

/* Makes the hash fit what is there, as a forger would. */
static void forge_hash(void) {
    struct gw_hash128 hash =
        gw_hash128((struct gw_str){copy + sizeof *header(), sound.size - sizeof *header()});
    header()->hash_low = hash.low;
    header()->hash_high = hash.high;
}

static void assert_refused(size_t size, const char *detail) {
    struct gw_model model;
    struct gw_error error = {.status = GW_OK};
    assert_int_equal(gw_model_check((struct gw_str){copy, size}, &model, &error), GW_BAD_MODEL);
    assert_int_equal(error.status, GW_BAD_MODEL);
    if (!strstr(error.detail, detail)) {
        assert_string_equal(error.detail, detail);
    }
}

static void test_opens_the_released_model(void **state) {
    (void)state;
    assert_str(gw_model_name(bench_model), "en-news/1");
    assert_int_equal(gw_model_hash(bench_model).size, 32);
    assert_true(sound.size <= (size_t)12 * 1000 * 1000);
    struct gw_model model;
    assert_int_equal(gw_model_check((struct gw_str){copy, sound.size}, &model, NULL), GW_OK);
    assert_string_equal(model.hash, gw_model_hash(bench_model).data);
}

static void test_every_header_byte_matters(void **state) {
    (void)state;
    size_t end = sizeof *header() + GW_MODEL_SECTION_COUNT * sizeof(struct gw_model_section);
    for (size_t at = 0; at < end; at++) {
        copy[at] ^= 0x10;
        assert_refused(sound.size, "");
        copy[at] ^= 0x10;
    }
}

static void test_altered_content_is_refused(void **state) {
    (void)state;
    enum { STEP = 24007 };
    for (size_t at = sizeof *header(); at < sound.size; at += STEP) {
        copy[at] ^= 1;
        assert_refused(sound.size, "the file was altered");
        copy[at] ^= 1;
    }
    copy[sound.size - 1] ^= (char)0x80;
    assert_refused(sound.size, "the file was altered");
}

static void test_cut_files_are_refused(void **state) {
    (void)state;
    assert_refused(0, "ends inside the header");
    assert_refused(sizeof *header() - 1, "ends inside the header");
    for (int kind = 0; kind < GW_MODEL_SECTION_COUNT; kind++) {
        assert_refused((size_t)section((enum gw_model_section_kind)kind)->offset, "its header says");
        assert_refused((size_t)section((enum gw_model_section_kind)kind)->offset - 1, "its header says");
    }
    assert_refused(sound.size - 1, "its header says");
}

static void test_a_cut_file_with_its_size_set_is_refused(void **state) {
    (void)state;
    size_t sizes[] = {sizeof *header(), sizeof *header() + 5,
                      (size_t)section(GW_MODEL_SECTION_WORDS)->offset};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        restore(NULL);
        header()->size = sizes[i];
        struct gw_hash128 hash =
            gw_hash128((struct gw_str){copy + sizeof *header(), sizes[i] - sizeof *header()});
        header()->hash_low = hash.low;
        header()->hash_high = hash.high;
        assert_refused(sizes[i], i < 2 ? "section table" : "does not lie inside");
    }
}

static void test_says_what_is_wrong_with_the_header(void **state) {
    (void)state;
    header()->magic[0] = 'X';
    assert_refused(sound.size, "not a model file");
    restore(NULL);
    header()->byte_order = UINT32_C(0x04030201);
    assert_refused(sound.size, "byte order");
    restore(NULL);
    header()->version++;
    assert_refused(sound.size, "version");
    restore(NULL);
    header()->word_flag_count--;
    assert_refused(sound.size, "another version");
}

/* Each alters one thing that only a check of its own can find. */
static void overlap_sections(void) {
    section(GW_MODEL_SECTION_WORDS)->offset = section(GW_MODEL_SECTION_STRINGS)->offset;
}
static void move_section_out(void) {
    section(GW_MODEL_SECTION_COUNTRIES)->offset = UINT64_MAX - 7;
}
static void overflow_count(void) {
    section(GW_MODEL_SECTION_COUNTRIES)->count = UINT64_MAX / 4;
}
static void misalign_section(void) {
    section(GW_MODEL_SECTION_WORDS)->offset++;
}
static void change_record_size(void) {
    section(GW_MODEL_SECTION_WORDS)->record_size = 8;
}
static void swap_kinds(void) {
    section(GW_MODEL_SECTION_WORDS)->kind = GW_MODEL_SECTION_NAMES;
}
static void fill_slots(void) {
    struct gw_slot *slots = records(GW_MODEL_SECTION_WORD_SLOTS);
    for (size_t i = 0; i < section(GW_MODEL_SECTION_WORD_SLOTS)->count; i++) {
        slots[i].index = 0;
    }
}
static void point_slot_outside(void) {
    ((struct gw_slot *)records(GW_MODEL_SECTION_NAME_SLOTS))->index = 0x7FFFFFFF;
}
static void odd_slot_count(void) {
    section(GW_MODEL_SECTION_NAME_SLOTS)->count--;
}
static void name_outside_strings(void) {
    ((struct gw_name *)records(GW_MODEL_SECTION_NAMES))->name = UINT32_MAX;
}
static void unknown_type(void) {
    ((struct gw_name *)records(GW_MODEL_SECTION_NAMES))->type = GW_ENTITY_TYPE_COUNT;
}
static void canonical_outside(void) {
    ((struct gw_name *)records(GW_MODEL_SECTION_NAMES))->canonical = UINT32_MAX;
}
static void country_of_word_outside(void) {
    section(GW_MODEL_SECTION_COUNTRIES)->count = 2;
}
static void country_label_outside(void) {
    ((struct gw_country *)records(GW_MODEL_SECTION_COUNTRIES))->label = UINT32_MAX;
}
static void place_label_outside(void) {
    ((struct gw_place *)records(GW_MODEL_SECTION_PLACES))->label = UINT32_MAX;
}
static void places_out_of_order(void) {
    ((struct gw_place *)records(GW_MODEL_SECTION_PLACES))->key = UINT32_MAX;
}
static void no_norm(void) {
    ((int32_t *)records(GW_MODEL_SECTION_SETTINGS))[GW_SETTING_SENTENCE_NORM] = 0;
}
static void falling_margins(void) {
    struct gw_tag_confidence *steps = records(GW_MODEL_SECTION_TAG_CONFIDENCES);
    steps[1].margin = steps[2].margin + 1;
}
static void no_pair_slots(void) {
    section(GW_MODEL_SECTION_PAIR_SLOTS)->count = 0;
}
static void few_target_rows(void) {
    section(GW_MODEL_SECTION_TARGET_ROWS)->count = GW_UNIT_KEYS - 1;
}
static void row_of_nothing_weighs(void) {
    ((struct gw_target_row *)records(GW_MODEL_SECTION_TARGET_ROWS))->weights[1][GW_UNIT_LEFT] = 1;
}
static void target_slot_outside(void) {
    struct gw_slot *slots = records(GW_MODEL_SECTION_TARGET_SLOTS);
    slots[0].index = (uint32_t)section(GW_MODEL_SECTION_TARGET_ROWS)->count;
}
static void fewer_folds(void) {
    section(GW_MODEL_SECTION_FOLDS)->count--;
}
static void word_rows_outside(void) {
    section(GW_MODEL_SECTION_TAG_WORDS)->count = GW_TAG_STAND_IN_COUNT;
}
static void stopword_behind_others(void) {
    struct gw_word *words = records(GW_MODEL_SECTION_WORDS);
    words[section(GW_MODEL_SECTION_WORDS)->count - 1].flags |= GW_WORD(STOPWORD);
}
static void part_of_a_line_of_slots(void) {
    section(GW_MODEL_SECTION_PAIR_SLOTS)->count = GW_SLOTS_AT_ONCE / 2;
}
static void fewer_cells(void) {
    section(GW_MODEL_SECTION_TAG_CELLS)->count--;
}
static void fewer_transitions(void) {
    section(GW_MODEL_SECTION_TAG_TRANSITIONS)->count--;
}
static void fewer_pairs(void) {
    section(GW_MODEL_SECTION_TAG_PAIRS)->count /= 2;
}
static void too_sure(void) {
    ((struct gw_tag_confidence *)records(GW_MODEL_SECTION_TAG_CONFIDENCES))->confidence = 10001;
}

static void test_forged_tables_are_refused(void **state) {
    (void)state;
    static const struct {
        void (*alter)(void);
        const char *detail;
    } cases[] = {
        {overlap_sections, "does not lie inside"},
        {move_section_out, "does not lie inside"},
        {overflow_count, "does not lie inside"},
        {misalign_section, "does not lie inside"},
        {change_record_size, "`words`"},
        {swap_kinds, "`words`"},
        {fill_slots, "`word_slots`"},
        {point_slot_outside, "`name_slots`"},
        {odd_slot_count, "`name_slots`"},
        {name_outside_strings, "`names`"},
        {unknown_type, "`names`"},
        {canonical_outside, "`names`"},
        {country_of_word_outside, "`names`"},
        {country_label_outside, "`countries`"},
        {place_label_outside, "`places`"},
        {places_out_of_order, "`places`"},
        {no_norm, "`settings`"},
        {falling_margins, "`tag_confidences` has values"},
        {no_pair_slots, "`pair_slots`"},
        {few_target_rows, "`target_slots`"},
        {row_of_nothing_weighs, "`target_slots`"},
        {target_slot_outside, "`target_slots`"},
        {fewer_folds, "`folds`"},
        {word_rows_outside, "`words`"},
        {stopword_behind_others, "`words`"},
        {part_of_a_line_of_slots, "`pair_slots`"},
        {fewer_cells, "`tag_words`"},
        {fewer_transitions, "`tag_words`"},
        {fewer_pairs, "`tag_slots`"},
        {too_sure, "`tag_confidences`"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        restore(NULL);
        cases[i].alter();
        forge_hash();
        assert_refused(sound.size, cases[i].detail);
    }
}

static void test_open_names_the_path(void **state) {
    const char *path = scratch_dir_path(*state, "a.gwm");
    struct gw_model *model;
    struct gw_error error = {.status = GW_OK};
    assert_int_equal(gw_model_open(path, &model, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, path));
    assert_null(model);
    scratch_write(path, "", 0);
    assert_int_equal(gw_model_open(path, &model, &error), GW_BAD_MODEL);
    assert_non_null(strstr(error.detail, "empty"));
    scratch_write(path, "GWMODEL\nshort", 13);
    assert_int_equal(gw_model_open(path, &model, &error), GW_BAD_MODEL);
    assert_non_null(strstr(error.detail, path));
    assert_non_null(strstr(error.detail, "ends inside the header"));
    assert_null(model);
    gw_model_close(NULL);
}

static void test_finds_words_and_names(void **state) {
    (void)state;
    uint32_t word = gw_model_find_word(bench_model, gw_hash64(GW_STR("minister")));
    assert_true(gw_model_word(bench_model, word)->flags & GW_WORD(TITLE));
    assert_int_equal(gw_model_find_word(bench_model, gw_hash64(GW_STR("xqzzyqx"))), GW_NO_WORD);
    assert_int_equal(gw_model_word(bench_model, GW_NO_WORD)->flags, 0);
}

/* One slot after the other. */
static uint32_t find_plainly(const struct gw_slot *slots, uint32_t count, uint64_t hash) {
    uint32_t at = (uint32_t)hash & (count - 1);
    while (slots[at].index != GW_SLOT_EMPTY && slots[at].tag != (uint32_t)(hash >> 32)) {
        at = (at + 1) & (count - 1);
    }
    return slots[at].index;
}

/* Two in three of the hashes, wherever their searches end: some behind the table's end. */
static void put_in(struct gw_slot *slots, uint32_t count, const uint64_t *hashes) {
    memset(slots, 0xFF, count * sizeof *slots);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = (uint32_t)hashes[i] & (count - 1);
        while (i % 3 > 0 && slots[at].index != GW_SLOT_EMPTY) {
            at = (at + 1) & (count - 1);
        }
        if (i % 3 > 0) {
            slots[at] = (struct gw_slot){(uint32_t)(hashes[i] >> 32), i};
        }
    }
}

static void test_finds_slots_as_a_plain_search_does(void **state) {
    (void)state;
    enum { ROUNDS = 4000, SLOTS_MOST = 128, TAGS = 1 << 20 };
    struct dice dice = {7};
    struct gw_slot slots[SLOTS_MOST];
    uint64_t hashes[SLOTS_MOST];
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t count = GW_SLOTS_AT_ONCE << round % 5;
        for (uint32_t i = 0; i < count; i++) {
            hashes[i] = (uint64_t)dice_roll(&dice, TAGS) << 32 | dice_roll(&dice, TAGS);
        }
        put_in(slots, count, hashes);
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(gw_slot_find(slots, count, hashes[i]), find_plainly(slots, count, hashes[i]));
        }
    }
}

/* All that have a row, and few others. */
static void test_the_sieve_lets_pairs_through(void **state) {
    (void)state;
    enum { STRANGERS = 10000 };
    struct dice dice = {11};
    int through = 0;
    for (uint32_t i = 0; i < bench_model->tag_slots_count; i++) {
        const struct gw_slot *slot = &bench_model->tag_slots[i];
        assert_true(slot->index == GW_SLOT_EMPTY ||
                    gw_model_may_have_pair(bench_model, (uint64_t)slot->tag << 32));
    }
    for (int i = 0; i < STRANGERS; i++) {
        through += gw_model_may_have_pair(bench_model, (uint64_t)dice_roll(&dice, UINT32_MAX) << 32);
    }
    assert_in_range(through, 1, STRANGERS / 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_opens_the_released_model, restore),
        cmocka_unit_test_setup(test_every_header_byte_matters, restore),
        cmocka_unit_test_setup(test_altered_content_is_refused, restore),
        cmocka_unit_test_setup(test_cut_files_are_refused, restore),
        cmocka_unit_test_setup(test_a_cut_file_with_its_size_set_is_refused, restore),
        cmocka_unit_test_setup(test_says_what_is_wrong_with_the_header, restore),
        cmocka_unit_test_setup(test_forged_tables_are_refused, restore),
        cmocka_unit_test_setup_teardown(test_open_names_the_path, scratch_dir_set_up, scratch_dir_tear_down),
        cmocka_unit_test(test_finds_words_and_names),
        cmocka_unit_test(test_finds_slots_as_a_plain_search_does),
        cmocka_unit_test(test_the_sieve_lets_pairs_through),
    };
    return cmocka_run_group_tests(tests, copy_open, copy_close);
}
