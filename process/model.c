/* Opening a model: every byte is covered by the hash, every number by a check. */
#include "process/model_tables.h"

#include "base/arena.h"
#include "process/text/token_classes.h"
#include "schemas/annotation.h"

#include <stdlib.h>

static const struct section_rule {
    const char *name;
    uint32_t record_size;
    size_t field, count_field; /* where in struct gw_model */
} section_rules[GW_MODEL_SECTION_COUNT] = {
#define GW_MODEL_SECTION_RULE(kind, field, type)                                                             \
    {#field, sizeof(type), offsetof(struct gw_model, field), offsetof(struct gw_model, field##_count)},
    GW_MODEL_SECTION_TABLE(GW_MODEL_SECTION_RULE)
#undef GW_MODEL_SECTION_RULE
};

#define BAD(error, at, ...) gw_fail((error), GW_BAD_MODEL, (at), __VA_ARGS__)

static enum gw_status check_header(struct gw_str bytes, const struct gw_model_header *header,
                                   struct gw_error *error) {
    if (bytes.size < sizeof *header) {
        return BAD(error, bytes.size, "the file ends inside the header");
    }
    if (memcmp(header->magic, GW_MODEL_MAGIC, sizeof header->magic) != 0) {
        return BAD(error, 0, "this is not a model file");
    }
    if (header->byte_order != GW_MODEL_BYTE_ORDER) {
        return BAD(error, offsetof(struct gw_model_header, byte_order), "the file is for another byte order");
    }
    if (header->version != GW_MODEL_VERSION) {
        return BAD(error, offsetof(struct gw_model_header, version),
                   "the file has format version %u, this program reads version %u", header->version,
                   GW_MODEL_VERSION);
    }
    if (header->size != bytes.size) {
        return BAD(error, bytes.size, "the file has %zu bytes, its header says %llu", bytes.size,
                   (unsigned long long)header->size);
    }
    return GW_OK;
}

static enum gw_status check_hash(struct gw_str bytes, const struct gw_model_header *header,
                                 struct gw_error *error) {
    struct gw_hash128 hash = gw_hash128(gw_str_sub(bytes, sizeof *header, bytes.size));
    if (hash.low != header->hash_low || hash.high != header->hash_high) {
        return BAD(error, GW_NO_POSITION, "the content does not fit its hash: the file was altered");
    }
    return GW_OK;
}

static enum gw_status check_counts(struct gw_str bytes, const struct gw_model_header *header,
                                   struct gw_error *error) {
    if (header->section_count != GW_MODEL_SECTION_COUNT || header->word_flag_count != GW_WORD_FLAG_COUNT ||
        header->setting_count != GW_SETTING_COUNT) {
        return BAD(error, offsetof(struct gw_model_header, section_count),
                   "the tables are those of another version of the program");
    }
    for (size_t i = 0; i < sizeof header->reserved / sizeof *header->reserved; i++) {
        if (header->reserved[i] != 0) {
            return BAD(error, offsetof(struct gw_model_header, reserved), "a reserved field is not 0");
        }
    }
    size_t table = GW_MODEL_SECTION_COUNT * sizeof(struct gw_model_section);
    if (bytes.size - sizeof *header < table) {
        return BAD(error, bytes.size, "the file ends inside the section table");
    }
    return GW_OK;
}

/* Sections must lie behind each other: so none overlaps, and the table is outside all. */
static enum gw_status place_section(struct gw_str bytes, const struct gw_model_section *section,
                                    uint32_t kind, size_t *end, struct gw_model *model,
                                    struct gw_error *error) {
    const struct section_rule *rule = &section_rules[kind];
    if (section->kind != kind || section->record_size != rule->record_size) {
        return BAD(error, (size_t)((const char *)section - bytes.data),
                   "section %u is not `%s` with records of %u bytes", kind, rule->name, rule->record_size);
    }
    if (section->offset < *end || section->offset > bytes.size || section->offset % 8 != 0 ||
        section->count > (bytes.size - section->offset) / rule->record_size) {
        return BAD(error, (size_t)((const char *)section - bytes.data),
                   "section `%s` does not lie inside the file", rule->name);
    }
    const void *records = bytes.data + section->offset;
    uint32_t count = (uint32_t)section->count;
    memcpy((char *)model + rule->field, &records, sizeof records);
    memcpy((char *)model + rule->count_field, &count, sizeof count);
    *end = section->offset + section->count * rule->record_size;
    return GW_OK;
}

static enum gw_status place_sections(struct gw_str bytes, struct gw_model *model, struct gw_error *error) {
    const struct gw_model_section *sections = (const void *)(bytes.data + sizeof(struct gw_model_header));
    size_t end = sizeof(struct gw_model_header) + GW_MODEL_SECTION_COUNT * sizeof *sections;
    for (uint32_t kind = 0; kind < GW_MODEL_SECTION_COUNT; kind++) {
        enum gw_status status = place_section(bytes, &sections[kind], kind, &end, model, error);
        if (status != GW_OK) {
            return status;
        }
    }
    return GW_OK;
}

/* A table without room would make a search endless. */
static bool slots_are_sound(const struct gw_slot *slots, uint32_t count, uint32_t records) {
    uint32_t empty = 0;
    if (count < GW_SLOTS_AT_ONCE || (count & (count - 1)) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        empty += slots[i].index == GW_SLOT_EMPTY;
        if (slots[i].index >= records && slots[i].index < GW_SLOT_PREFIX) {
            return false;
        }
    }
    return empty >= count / 8 + 1;
}

static bool lies_in_strings(const struct gw_model *model, uint32_t offset, uint32_t size) {
    return offset <= model->strings_count && size <= model->strings_count - offset;
}

static bool names_are_sound(const struct gw_model *model) {
    for (uint32_t i = 0; i < model->names_count; i++) {
        const struct gw_name *name = &model->names[i];
        if (!lies_in_strings(model, name->name, name->name_size) || name->type >= GW_ENTITY_TYPE_COUNT ||
            name->country >= model->countries_count || name->canonical >= model->names_count) {
            return false;
        }
    }
    return true;
}

static bool countries_are_sound(const struct gw_model *model) {
    for (uint32_t i = 0; i < model->countries_count; i++) {
        if (!lies_in_strings(model, model->countries[i].label, model->countries[i].label_size)) {
            return false;
        }
    }
    return model->countries_count > 0;
}

static bool places_are_sound(const struct gw_model *model) {
    for (uint32_t i = 0; i < model->places_count; i++) {
        const struct gw_place *place = &model->places[i];
        if (!lies_in_strings(model, gw_place_label(place), gw_place_label_size(place)) ||
            place->country >= model->countries_count || (i > 0 && place->key < place[-1].key)) {
            return false;
        }
    }
    return true;
}

static bool is_stopword(const struct gw_model *model, uint32_t word) {
    return (model->words[word].flags & GW_WORD(STOPWORD)) != 0;
}

static uint32_t count_stopwords(const struct gw_model *model) {
    uint32_t count = 0;
    while (count < model->words_count && is_stopword(model, count)) {
        count++;
    }
    return count;
}

static void fill_sieve(struct gw_model *model) {
    memset(model->tag_sieve, 0, sizeof model->tag_sieve);
    for (uint32_t i = 0; i < model->tag_slots_count; i++) {
        uint32_t bit = model->tag_slots[i].tag & ((UINT32_C(1) << GW_TAG_SIEVE_BITS) - 1);
        bool taken = model->tag_slots[i].index != GW_SLOT_EMPTY;
        model->tag_sieve[bit / 64] |= (uint64_t)taken << bit % 64;
    }
}

static bool words_are_sound(const struct gw_model *model) {
    for (uint32_t i = 0; i < model->words_count; i++) {
        const struct gw_word *word = &model->words[i];
        if (is_stopword(model, i) != (i < model->stopword_count) || word->country >= model->countries_count ||
            gw_word_cluster(word) >= GW_TAG_CLUSTERS ||
            (gw_word_tag_row(word) != 0 && gw_word_tag_row(word) >= model->tag_words_count)) {
            return false;
        }
    }
    return true;
}

/* All of the tagger is there, or nothing of it. */
static bool tagger_is_sound(const struct gw_model *model) {
    if (model->tag_cells_count == 0) {
        return model->tag_words_count == 0 && model->tag_transitions_count == 0;
    }
    return model->tag_cells_count == GW_TAG_CELL_ROWS_ALL &&
           model->tag_words_count >= GW_TAG_STAND_IN_COUNT && model->tag_transitions_count == GW_TAG_ROW &&
           model->tag_confidences_count > 0;
}

/* The model of targets is there, or nothing of it. */
static bool targets_are_sound(const struct gw_model *model) {
    static const struct gw_target_row nothing;
    return slots_are_sound(model->target_slots, model->target_slots_count, model->target_rows_count) &&
           (model->target_rows_count == 0 || (model->target_rows_count >= GW_UNIT_KEYS &&
                                              memcmp(model->target_rows, &nothing, sizeof nothing) == 0));
}

static bool confidences_are_sound(const struct gw_model *model) {
    for (uint32_t i = 0; i < model->tag_confidences_count; i++) {
        const struct gw_tag_confidence *step = &model->tag_confidences[i];
        if (step->confidence < 0 || step->confidence > GW_E4_ONE ||
            (i > 0 && step->margin < step[-1].margin)) {
            return false;
        }
    }
    return true;
}

static bool settings_are_sound(const struct gw_model *model) {
    return model->settings_count == GW_SETTING_COUNT && model->settings[GW_SETTING_SENTENCE_NORM] > 0 &&
           model->settings[GW_SETTING_DOCUMENT_NORM] > 0 && model->settings[GW_SETTING_MORE_WORDS] > 0 &&
           model->settings[GW_SETTING_TARGET_SCALE] > 0;
}

static enum gw_status check_content(const struct gw_model *model, struct gw_error *error) {
    const struct {
        const char *name;
        bool sound;
    } checks[] = {
        {"settings", settings_are_sound(model)},
        {"folds", model->folds_count == GW_FOLD_END - GW_FOLD_FIRST},
        {"word_slots", slots_are_sound(model->word_slots, model->word_slots_count, model->words_count)},
        {"words", words_are_sound(model)},
        {"name_slots", slots_are_sound(model->name_slots, model->name_slots_count, model->names_count)},
        {"names", names_are_sound(model)},
        {"countries", countries_are_sound(model)},
        {"places", places_are_sound(model)},
        {"pair_slots", slots_are_sound(model->pair_slots, model->pair_slots_count, model->pairs_count)},
        {"target_slots", targets_are_sound(model)},
        {"tag_words", tagger_is_sound(model)},
        {"tag_slots", slots_are_sound(model->tag_slots, model->tag_slots_count, model->tag_pairs_count)},
        {"tag_confidences", confidences_are_sound(model)},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (!checks[i].sound) {
            return BAD(error, GW_NO_POSITION, "section `%s` has values that are not allowed", checks[i].name);
        }
    }
    return GW_OK;
}

enum gw_status gw_model_check(struct gw_str bytes, struct gw_model *model, struct gw_error *error) {
    const struct gw_model_header *header = (const void *)bytes.data;
    enum gw_status status = check_header(bytes, header, error);
    if (status == GW_OK) {
        status = check_hash(bytes, header, error);
    }
    if (status == GW_OK) {
        status = check_counts(bytes, header, error);
    }
    if (status == GW_OK) {
        status = place_sections(bytes, model, error);
    }
    if (status == GW_OK) {
        model->stopword_count = count_stopwords(model);
        fill_sieve(model);
        status = check_content(model, error);
    }
    if (status == GW_OK) {
        gw_hash128_hex((struct gw_hash128){header->hash_high, header->hash_low}, model->hash);
    }
    return status;
}

/* Puts the file's path in front of what is wrong with it. */
static enum gw_status name_path(struct gw_error *error, const char *path) {
    if (!error) {
        return GW_BAD_MODEL;
    }
    char detail[GW_ERROR_DETAIL_MAX];
    memcpy(detail, error->detail, sizeof detail);
    return gw_fail(error, GW_BAD_MODEL, error->position, "%s: %s", path, detail);
}

enum gw_status gw_model_open(const char *path, struct gw_model **model, struct gw_error *error) {
    *model = NULL;
    struct gw_model *opened = calloc(1, sizeof *opened);
    if (!opened) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the model");
    }
    enum gw_status status = gw_file_map_open(&opened->map, path, error);
    if (status == GW_EMPTY) {
        status = gw_fail(error, GW_BAD_MODEL, 0, "%s: the file is empty", path);
    } else if (status == GW_OK && gw_model_check(opened->map.bytes, opened, error) != GW_OK) {
        status = name_path(error, path);
    }
    if (status == GW_OK) {
        opened->word_classes = gw_word_classes_make(opened);
        status = opened->word_classes
                     ? GW_OK
                     : gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the model");
    }
    if (status != GW_OK) {
        gw_model_close(opened);
        return status;
    }
    *model = opened;
    return GW_OK;
}

void gw_model_close(struct gw_model *model) {
    if (model) {
        gw_file_map_close(&model->map);
        free(model->word_classes);
        free(model);
    }
}

struct gw_str gw_model_name(const struct gw_model *model) {
    return (struct gw_str){model->title, model->title_count};
}

struct gw_str gw_model_hash(const struct gw_model *model) {
    return (struct gw_str){model->hash, GW_HASH_HEX_SIZE - 1};
}

size_t gw_model_size(const struct gw_model *model) {
    return model->map.bytes.size;
}

bool gw_model_part(const struct gw_model *model, size_t index, struct gw_model_part *part) {
    if (index >= GW_MODEL_SECTION_COUNT) {
        return false;
    }
    const struct section_rule *rule = &section_rules[index];
    uint32_t records;
    memcpy(&records, (const char *)model + rule->count_field, sizeof records);
    *part = (struct gw_model_part){rule->name, records, (size_t)records * rule->record_size};
    return true;
}
