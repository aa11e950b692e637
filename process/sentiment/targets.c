/* A linear model over what stands around a mention (target_walk.h), and a softmax that is calibrated. It does
 * not look at who the target is.
 *
 * A unit's keys stand at the same places, whatever the mention. So their rows are summed once for a sentence,
 * and each of its mentions costs a multiplication for each unit around it. */
#include "process/sentiment/targets.h"

#include "process/sentiment/target_walk.h"
#include "process/sentiment/verb_roles.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Markers further from every entity have no target. */
#define TARGET_REACH 6U

/* Beyond, a label is as good as impossible. */
#define LOGIT_MOST 12.0

/* Rows of several keys together. The keys of a unit are few, so 16 bits hold them. */
struct row_sum {
    int16_t weights[2][GW_UNIT_PLACE_COUNT];
};

/* A unit's rows, as GW_WALK_UNIT, GW_WALK_PAIR and GW_WALK_BOTH ask for them. */
struct unit_rows {
    struct row_sum parts[GW_WALK_BOTH + 1];
};

/* Σ amount · weight against neutral, in 32 bits for one mention: at most 60 units of 2·3,300·(16 + 19 +
 * 3·16). */
struct sums {
    int32_t negative, positive;
};

#if defined(__SSE2__)
static __m128i load(const void *from) {
    return _mm_loadu_si128(from);
}

static void add_times(struct row_sum *sum, const struct gw_target_row *row, int times) {
    __m128i bytes = load(row), factor = _mm_set1_epi16((short)times);
    __m128i negative = _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
    __m128i positive = _mm_srai_epi16(_mm_unpackhi_epi8(bytes, bytes), 8);
    negative = _mm_add_epi16(load(sum->weights[0]), _mm_mullo_epi16(negative, factor));
    positive = _mm_add_epi16(load(sum->weights[1]), _mm_mullo_epi16(positive, factor));
    _mm_storeu_si128((__m128i *)(void *)sum->weights[0], negative);
    _mm_storeu_si128((__m128i *)(void *)sum->weights[1], positive);
}

/* In four parts each. */
struct partial_sums {
    __m128i negative, positive;
};

static void add_products(struct partial_sums *sums, const struct row_sum *row,
                         const struct gw_walk_amounts *amounts) {
    __m128i times = load(amounts);
    sums->negative = _mm_add_epi32(sums->negative, _mm_madd_epi16(load(row->weights[0]), times));
    sums->positive = _mm_add_epi32(sums->positive, _mm_madd_epi16(load(row->weights[1]), times));
}

static int32_t whole(__m128i part) {
    int32_t lanes[4];
    _mm_storeu_si128((__m128i *)(void *)lanes, part);
    return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}
#else
static void add_times(struct row_sum *sum, const struct gw_target_row *row, int times) {
    for (int place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        sum->weights[0][place] = (int16_t)(sum->weights[0][place] + row->weights[0][place] * times);
        sum->weights[1][place] = (int16_t)(sum->weights[1][place] + row->weights[1][place] * times);
    }
}

struct partial_sums {
    int32_t negative, positive;
};

static void add_products(struct partial_sums *sums, const struct row_sum *row,
                         const struct gw_walk_amounts *amounts) {
    for (int place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        sums->negative += amounts->at[place] * row->weights[0][place];
        sums->positive += amounts->at[place] * row->weights[1][place];
    }
}

static int32_t whole(int32_t part) {
    return part;
}
#endif

/* A sentence's units, and what the model has for them. */
struct scene {
    const struct gw_model *model;
    struct gw_units units;
    struct unit_rows *rows;
    struct gw_acts acts;
};

static bool make_scene(const struct gw_text *text, const struct gw_model *model, struct gw_arena *arena,
                       struct scene *scene) {
    uint32_t most = gw_units_most(text);
    *scene = (struct scene){.model = model};
    scene->units.items = gw_arena_take(arena, most * sizeof *scene->units.items);
    scene->rows = gw_arena_take(arena, most * sizeof *scene->rows);
    return scene->units.items && scene->rows;
}

/* The row of a key, all 0 for most. */
static const struct gw_target_row *find_row(const struct gw_model *model, uint64_t key) {
    static const struct gw_target_row none;
    uint32_t at = key < GW_UNIT_KEYS ? (uint32_t)key
                                     : gw_slot_find(model->target_slots, model->target_slots_count, key);
    return at < model->target_rows_count ? &model->target_rows[at] : &none;
}

struct summing {
    const struct gw_model *model;
    struct row_sum *sum;
};

static void add_key(void *context, uint64_t key, int times) {
    const struct summing *summing = context;
    add_times(summing->sum, find_row(summing->model, key), times);
}

/* What the verbs tell of the units, and what the model says of each. */
static void read_units(struct scene *scene) {
    gw_verb_roles_find(&scene->units, &scene->acts);
    for (uint32_t i = 0; i < scene->units.count; i++) {
        struct row_sum *parts = scene->rows[i].parts;
        const struct gw_unit *unit = &scene->units.items[i];
        struct summing summing = {scene->model, &parts[GW_WALK_UNIT]};
        parts[GW_WALK_UNIT] = parts[GW_WALK_PAIR] = (struct row_sum){{{0}}};
        gw_walk_keys(unit, add_key, &summing);
        parts[GW_WALK_BOTH] = parts[GW_WALK_UNIT];
        if (unit->pair != 0) {
            const struct gw_target_row *pair = find_row(scene->model, unit->pair);
            add_times(&parts[GW_WALK_PAIR], pair, 1);
            add_times(&parts[GW_WALK_BOTH], pair, 1);
        }
    }
}

struct mention_sums {
    const struct scene *scene;
    struct partial_sums around;
    struct sums facts;
};

static void add_fact(void *context, uint64_t key, int places) {
    struct mention_sums *sums = context;
    const struct gw_target_row *row = find_row(sums->scene->model, key);
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

/* e^x for -LOGIT_MOST ≤ x ≤ 0 from the operations that every processor rounds alike: (1 + y + y²/2 + y³/6)^64
 * with y = x/64. */
static double exponential(double x) {
    double y = (x < -LOGIT_MOST ? -LOGIT_MOST : x) / 64;
    double power = 1 + y * (1 + y * (0.5 + y / 6));
    for (int i = 0; i < 6; i++) {
        power *= power;
    }
    return power;
}

static gw_e4 rounded(double share) {
    return (gw_e4)(share * GW_E4_ONE + 0.5);
}

static struct gw_target_sentiment sentiment_of(const struct gw_model *model, struct sums sums) {
    double scale = gw_model_setting(model, GW_SETTING_TARGET_SCALE);
    double logits[] = {[GW_NEGATIVE] = (double)sums.negative / scale,
                       [GW_NEUTRAL] = 0,
                       [GW_POSITIVE] = (double)sums.positive / scale};
    enum gw_label best = GW_NEUTRAL;
    for (int label = GW_NEGATIVE; label <= GW_POSITIVE; label++) {
        best = logits[label] > logits[best] ? (enum gw_label)label : best;
    }
    double shares[3], all = 0;
    for (int label = GW_NEGATIVE; label <= GW_POSITIVE; label++) {
        shares[label] = exponential(logits[label] - logits[best]);
        all += shares[label];
    }
    gw_e4 negative = rounded(shares[GW_NEGATIVE] / all), positive = rounded(shares[GW_POSITIVE] / all);
    return (struct gw_target_sentiment){positive - negative, best, rounded(shares[best] / all)};
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
        !make_scene(input->text, input->model, arena, &tally->scene)) {
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
    if (!*out || (article->target_count > 0 && !make_scene(text, model, arena, &scene))) {
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
