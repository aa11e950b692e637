/* A linear model over what stands around a mention (target_walk.h), and a softmax that is calibrated. It does
 * not look at who the target is.
 *
 * A unit's keys stand at the same places, whatever the mention. So their rows are summed once for a sentence,
 * and each of its mentions costs a multiplication for each unit around it. */
#include "process/sentiment/targets.h"

#include "process/sentiment/shares.h"
#include "process/sentiment/target_walk.h"
#include "process/sentiment/verb_roles.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Markers further from every entity have no target. */
#define TARGET_REACH 6U

/* Σ amount · weight against neutral, in 32 bits for one mention: at most 60 units of 2·3,300·(16 + 19 +
 * 3·16). */
struct sums {
    int32_t negative, positive;
};

/* Rows of a few keys together, for which 16 bits are enough; and the sums of one mention so far. */
#if defined(__SSE2__)
struct row_sum {
    __m128i negative, positive;
};

struct partial_sums {
    __m128i negative, positive;
};

static struct row_sum row_times(const struct gw_target_row *row, int times) {
    __m128i bytes = _mm_loadu_si128((const void *)row), factor = _mm_set1_epi16((short)times);
    __m128i negative = _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
    __m128i positive = _mm_srai_epi16(_mm_unpackhi_epi8(bytes, bytes), 8);
    return (struct row_sum){_mm_mullo_epi16(negative, factor), _mm_mullo_epi16(positive, factor)};
}

static struct row_sum row_plus(struct row_sum a, struct row_sum b) {
    return (struct row_sum){_mm_add_epi16(a.negative, b.negative), _mm_add_epi16(a.positive, b.positive)};
}

static void add_products(struct partial_sums *sums, const struct row_sum *row,
                         const struct gw_walk_amounts *amounts) {
    __m128i times = _mm_loadu_si128((const void *)amounts);
    sums->negative = _mm_add_epi32(sums->negative, _mm_madd_epi16(row->negative, times));
    sums->positive = _mm_add_epi32(sums->positive, _mm_madd_epi16(row->positive, times));
}

static int32_t whole(__m128i part) {
    int32_t lanes[4];
    _mm_storeu_si128((void *)lanes, part);
    return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}
#else
struct row_sum {
    int16_t negative[GW_UNIT_PLACE_COUNT], positive[GW_UNIT_PLACE_COUNT];
};

struct partial_sums {
    int32_t negative, positive;
};

static struct row_sum row_times(const struct gw_target_row *row, int times) {
    struct row_sum sum;
    for (int place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        sum.negative[place] = (int16_t)(row->weights[0][place] * times);
        sum.positive[place] = (int16_t)(row->weights[1][place] * times);
    }
    return sum;
}

static struct row_sum row_plus(struct row_sum a, struct row_sum b) {
    for (int place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        a.negative[place] = (int16_t)(a.negative[place] + b.negative[place]);
        a.positive[place] = (int16_t)(a.positive[place] + b.positive[place]);
    }
    return a;
}

static void add_products(struct partial_sums *sums, const struct row_sum *row,
                         const struct gw_walk_amounts *amounts) {
    for (int place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        sums->negative += amounts->at[place] * row->negative[place];
        sums->positive += amounts->at[place] * row->positive[place];
    }
}

static int32_t whole(int32_t part) {
    return part;
}
#endif

/* A unit's rows, as GW_WALK_UNIT, GW_WALK_PAIR and GW_WALK_BOTH ask for them. */
struct unit_rows {
    struct row_sum parts[GW_WALK_BOTH + 1];
    const struct gw_target_row *own, *pair; /* of its keys */
};

/* The model's rows; those of keys below GW_UNIT_KEYS are found by their number, the first is what
 * a key without a row has. */
struct rows_known {
    const struct gw_target_row *rows;
    const struct gw_slot *slots;
    uint32_t row_count, slot_count;
};

static struct rows_known rows_of(const struct gw_model *model) {
    static const struct gw_target_row nothing[GW_UNIT_KEYS];
    bool knows = model->target_rows_count > 0;
    return (struct rows_known){knows ? model->target_rows : nothing, model->target_slots,
                               model->target_rows_count, model->target_slots_count};
}

/* Without a branch: every second pair has none. */
static uint32_t find_row(const struct rows_known *known, uint64_t key) {
    uint32_t at = gw_slot_find(known->slots, known->slot_count, key);
    return at & (0U - (uint32_t)(at < known->row_count));
}

/* A sentence's units, and what the model has for them. */
struct scene {
    struct rows_known known;
    struct gw_units units;
    struct unit_rows *rows;
    struct gw_acts acts;
};

static bool make_scene(const struct gw_model *model, uint32_t most, struct gw_arena *arena,
                       struct scene *scene) {
    *scene = (struct scene){.known = rows_of(model)};
    scene->units.items = gw_arena_take(arena, most * sizeof *scene->units.items);
    scene->rows = gw_arena_take(arena, most * sizeof *scene->rows);
    return scene->units.items && scene->rows;
}

/* The tables are larger than a processor's near memory, so all that is going to be read is asked for first:
 * slots when a unit is cut, rows here. */
static void find_rows(struct scene *scene) {
    const struct rows_known known = scene->known;
    const uint32_t count = scene->units.count;
    const struct gw_unit *units = scene->units.items;
    struct unit_rows *rows = scene->rows;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t own = units[i].key < GW_UNIT_KEYS ? (uint32_t)units[i].key : find_row(&known, units[i].key);
        uint32_t pair = find_row(&known, units[i].pair);
        rows[i].own = &known.rows[own];
        rows[i].pair = &known.rows[pair];
        __builtin_prefetch(rows[i].own);
        __builtin_prefetch(rows[i].pair);
    }
}

struct summing {
    const struct gw_target_row *rows;
    struct row_sum sum;
};

static void add_key(void *context, uint64_t key, int times) {
    struct summing *summing = context;
    summing->sum = row_plus(summing->sum, row_times(&summing->rows[key], times));
}

static void sum_rows(struct scene *scene) {
    for (uint32_t i = 0; i < scene->units.count; i++) {
        struct unit_rows *rows = &scene->rows[i];
        struct summing summing = {scene->known.rows, row_times(rows->own, 1)};
        gw_walk_more_keys(&scene->units.items[i], add_key, &summing);
        rows->parts[GW_WALK_UNIT] = summing.sum;
        rows->parts[GW_WALK_PAIR] = row_times(rows->pair, 1);
        rows->parts[GW_WALK_BOTH] = row_plus(summing.sum, rows->parts[GW_WALK_PAIR]);
    }
}

/* What the verbs tell of the units, and what the model says of each. */
static void read_units(struct scene *scene) {
    gw_verb_roles_find(&scene->units, &scene->acts);
    find_rows(scene);
    sum_rows(scene);
}

struct mention_sums {
    const struct scene *scene;
    struct partial_sums around;
    struct sums facts;
};

static void add_fact(void *context, uint64_t key, int places) {
    struct mention_sums *sums = context;
    const struct gw_target_row *row = &sums->scene->known.rows[key];
    for (int place = 0; place < places; place++) {
        sums->facts.negative += GW_WALK_ONE * row->weights[0][place];
        sums->facts.positive += GW_WALK_ONE * row->weights[1][place];
    }
}

static void add_unit(void *context, uint32_t unit, enum gw_walk_part part,
                     const struct gw_walk_amounts *amounts) {
    struct mention_sums *sums = context;
    add_products(&sums->around, &sums->scene->rows[unit].parts[part], amounts);
}

static struct sums sum_mention(const struct scene *scene, uint32_t mention) {
    static const struct gw_walk_teller adder = {add_fact, add_unit};
    static const struct partial_sums none;
    struct mention_sums sums = {scene, none, {0, 0}};
    gw_walk_mention(&scene->units, mention, &adder, &sums);
    return (struct sums){sums.facts.negative + whole(sums.around.negative),
                         sums.facts.positive + whole(sums.around.positive)};
}

/* Of several mentions. */
struct totals {
    int64_t negative, positive;
};

static struct gw_target_sentiment sentiment_of(const struct gw_model *model, struct sums sums) {
    double scale = gw_model_setting(model, GW_SETTING_TARGET_SCALE);
    double negative = (double)sums.negative / scale, positive = (double)sums.positive / scale;
    struct gw_shares shares = gw_shares_of(negative, positive);
    enum gw_label best = gw_shares_best(negative, positive);
    return (struct gw_target_sentiment){shares.of[GW_POSITIVE] - shares.of[GW_NEGATIVE], best,
                                        shares.of[best]};
}

/* Markers near a mention that have no nearer entity yet become its entity's; `nearest` holds the distance so
 * far. `at` is the first marker of the sentence or before. */
static void claim_markers(struct gw_markers_found *markers, const struct gw_name_span *span,
                          struct gw_sentence_range sentence, uint32_t at, uint32_t entity,
                          uint32_t *nearest) {
    uint32_t reached = span->last + TARGET_REACH + 1;
    uint32_t end = reached < sentence.end ? reached : sentence.end;
    for (uint32_t m = at; m < markers->count && markers->tokens[m] < end; m++) {
        uint32_t token = markers->tokens[m];
        uint32_t distance = token < span->first ? span->first - token : token - span->last;
        if (token >= sentence.first && markers->items[m].weight != 0 && distance < nearest[m] &&
            distance <= TARGET_REACH) {
            nearest[m] = distance;
            markers->items[m].target = entity;
        }
    }
}

/* The entity whose mention begins the name at `unit`, of the sentence of the span at `from`, the first of it
 * that is an entity's. */
static uint32_t entity_of_unit(const struct gw_name_spans *spans, const struct gw_entities *entities,
                               uint32_t from, const struct gw_unit *unit) {
    uint32_t sentence = spans->items[from].sentence;
    for (uint32_t i = from; i < spans->count && spans->items[i].sentence == sentence; i++) {
        if (spans->items[i].last >= unit->first && spans->items[i].first <= unit->last) {
            return entities->of_span[i];
        }
    }
    return GW_NO_INDEX;
}

/* The marker of `token`, or GW_NO_INDEX. */
static uint32_t marker_of(const struct gw_markers_found *markers, uint32_t token) {
    uint32_t low = 0, high = markers->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (markers->tokens[middle] < token) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < markers->count && markers->tokens[low] == token ? low : GW_NO_INDEX;
}

static bool acts_on_others(enum gw_marker_kind kind) {
    return kind == GW_MARKER_NEGATOR || kind == GW_MARKER_CONTRAST || kind == GW_MARKER_HEDGE ||
           kind == GW_MARKER_INTENSIFIER || kind == GW_MARKER_DIMINISHER;
}

/* What the sentence's verbs know better than the distance: the kind and the target of their markers. */
static void settle_acts(const struct gw_unit_input *input, struct gw_markers_found *markers,
                        const struct gw_units *units, const struct gw_acts *acts, uint32_t from,
                        const struct gw_entities *entities, uint32_t *nearest) {
    for (uint32_t i = 0; i < acts->count; i++) {
        const struct gw_act *act = &acts->items[i];
        uint32_t m = marker_of(markers, units->items[act->unit].first);
        bool modifies = m != GW_NO_INDEX && acts_on_others(markers->items[m].kind);
        if (m == GW_NO_INDEX || (modifies && act->frame != GW_FRAME_ALLEGE)) {
            continue;
        }
        struct gw_marker *marker = &markers->items[m];
        enum gw_marker_kind kind = gw_frame_marker((enum gw_frame)act->frame);
        marker->kind = kind == GW_MARKER_KIND_COUNT ? marker->kind : kind;
        marker->negated = marker->negated || act->negated;
        marker->target = act->about == GW_NO_INDEX
                             ? GW_NO_INDEX
                             : entity_of_unit(input->spans, entities, from, &units->items[act->about]);
        nearest[m] = 0;
    }
}

/* What the mentions say, entity by entity, and where the walk through the text is. */
struct tally {
    const struct gw_unit_input *input;
    struct gw_markers_found *markers; /* of the input */
    struct scene scene;
    struct totals *totals;
    uint32_t *mentions;
    uint32_t *nearest; /* of each marker */
    uint32_t sentence; /* the one of the scene */
    uint32_t unit, marker;
};

static bool make_tally(const struct gw_unit_input *input, struct gw_arena *arena, size_t entities,
                       struct tally *tally) {
    *tally = (struct tally){.input = input, .sentence = GW_NO_INDEX};
    tally->totals = gw_arena_take_zeroed(arena, entities, sizeof *tally->totals);
    tally->mentions = gw_arena_take_zeroed(arena, entities, sizeof *tally->mentions);
    tally->nearest = gw_arena_take(arena, input->markers->count * sizeof *tally->nearest);
    if (!tally->totals || !tally->mentions || !tally->nearest ||
        !make_scene(input->model, gw_units_most(input->text), arena, &tally->scene)) {
        return false;
    }
    memset(tally->nearest, 0xFF, input->markers->count * sizeof *tally->nearest);
    return true;
}

static void read_sentence(struct tally *tally, uint32_t span, const struct gw_entities *entities) {
    uint32_t sentence = tally->input->spans->items[span].sentence;
    struct scene *scene = &tally->scene;
    if (sentence != tally->sentence) {
        gw_units_cut(tally->input, sentence, &scene->units);
        read_units(scene);
        settle_acts(tally->input, tally->markers, &scene->units, &scene->acts, span, entities,
                    tally->nearest);
        tally->sentence = sentence;
        tally->unit = 0;
    }
}

static void count_mention(struct tally *tally, const struct gw_name_span *span, uint32_t entity) {
    tally->unit = gw_units_find(&tally->scene.units, span->first, tally->unit);
    struct sums sums = sum_mention(&tally->scene, tally->unit);
    tally->totals[entity].negative += sums.negative;
    tally->totals[entity].positive += sums.positive;
    tally->mentions[entity]++;
}

enum gw_status gw_targets_set_entities(const struct gw_text *text, const struct gw_model *model,
                                       const struct gw_name_spans *spans, struct gw_markers_found *markers,
                                       struct gw_arena *arena, struct gw_entities *entities) {
    struct gw_unit_input input = {text, model, spans, markers};
    struct tally tally;
    if (!make_tally(&input, arena, entities->count, &tally)) {
        return GW_NO_MEMORY;
    }
    tally.markers = markers;
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct gw_name_span *span = &spans->items[i];
        uint32_t entity = entities->of_span[i];
        if (entity == GW_NO_INDEX) {
            continue;
        }
        while (tally.marker < markers->count && markers->tokens[tally.marker] + TARGET_REACH < span->first) {
            tally.marker++;
        }
        read_sentence(&tally, i, entities);
        claim_markers(markers, span, text->sentences[span->sentence], tally.marker, entity, tally.nearest);
        count_mention(&tally, span, entity);
    }
    for (size_t e = 0; e < entities->count; e++) {
        int64_t mentions = tally.mentions[e] > 0 ? tally.mentions[e] : 1;
        struct sums mean = {(int32_t)(tally.totals[e].negative / mentions),
                            (int32_t)(tally.totals[e].positive / mentions)};
        entities->items[e].sentiment = sentiment_of(model, mean);
    }
    return GW_OK;
}

enum gw_status gw_targets_score(const struct gw_text *text, const struct gw_model *model,
                                const struct gw_name_spans *spans, const struct gw_markers_found *markers,
                                const struct gw_article *article, struct gw_arena *arena,
                                struct gw_target_sentiment **out) {
    struct gw_unit_input input = {text, model, spans, markers};
    struct scene scene;
    *out = gw_arena_take_zeroed(arena, article->target_count, sizeof **out);
    if (!*out || (article->target_count > 0 && !make_scene(model, GW_UNITS_AROUND_MOST, arena, &scene))) {
        return GW_NO_MEMORY;
    }
    for (size_t i = 0; i < article->target_count; i++) {
        uint32_t mention = gw_units_cut_around(&input, article->targets[i], &scene.units);
        struct sums sums = {0, 0};
        if (mention != GW_NO_INDEX) {
            read_units(&scene);
            sums = sum_mention(&scene, mention);
        }
        (*out)[i] = sentiment_of(model, sums);
    }
    return GW_OK;
}
