/* The stages in their order, each with its part of the budget. */
#include "process/annotate.h"

#include "process/document/fingerprint.h"
#include "process/document/language.h"
#include "process/document/quotes.h"
#include "process/entities/names/names.h"
#include "process/entities/tagger/country_codes.h"
#include "process/entities/tagger/events.h"
#include "process/entities/values/values.h"
#include "process/sentiment/scores.h"
#include "process/sentiment/targets.h"
#include "process/text/html.h"
#include "process/text/sentences.h"
#include "process/text/token_classes.h"

#include <strings.h>

/* Of the budget, the text may take a quarter: what is left is enough for the other stages to look at each
 * token. */
#define TEXT_SHARE 4U

struct run {
    const struct gw_model *model;
    const struct gw_annotate_options *options;
    const struct gw_article *article;
    struct gw_arena *arena;
    struct gw_annotation *annotation;
    struct gw_work work;
    struct gw_text text;
    struct gw_name_spans spans;
    struct gw_entities entities;
    struct gw_html html;    /* with reads_html */
    struct gw_article seen; /* the article with the text of its HTML as body */
    bool reads_html;
    bool skips; /* another language */
};

const char *gw_annotate_stage_name(enum gw_annotate_stage stage) {
    static const char *const names[GW_ANNOTATE_STAGE_COUNT] = {
        [GW_STAGE_TEXT] = "text",         [GW_STAGE_TAGGER] = "tagger",
        [GW_STAGE_ENTITIES] = "entities", [GW_STAGE_SENTIMENT] = "sentiment",
        [GW_STAGE_DOCUMENT] = "document",
    };
    return stage < GW_ANNOTATE_STAGE_COUNT ? names[stage] : "unknown";
}

static bool is_html(struct gw_str content_type) {
    static const char html[] = "text/html";
    size_t size = sizeof html - 1;
    return content_type.size >= size && strncasecmp(content_type.data, html, size) == 0;
}

/* Sets the fields; HTML is read, and the targets with it. */
static enum gw_status set_fields(struct run *run) {
    const struct gw_article *article = run->article;
    run->seen = *article;
    run->text.fields[GW_FIELD_TITLE] = article->title;
    run->text.fields[GW_FIELD_BODY] = article->body;
    run->reads_html = article->body.size > 0 && is_html(article->content_type);
    if (!run->reads_html) {
        return GW_OK;
    }
    struct gw_span *spans = gw_arena_take(run->arena, article->target_count * sizeof *spans);
    enum gw_status status = gw_html_read(article->body, run->arena, &run->html);
    if (status != GW_OK || !spans) {
        return GW_NO_MEMORY;
    }
    run->text.fields[GW_FIELD_BODY] = run->html.text;
    for (size_t i = 0; i < article->target_count; i++) {
        bool in_body = article->targets[i].field == GW_FIELD_BODY;
        spans[i] = in_body ? gw_html_to_text(&run->html, article->targets[i]) : article->targets[i];
    }
    run->seen.body = run->html.text;
    run->seen.targets = spans;
    return GW_OK;
}

/* What the article says comes first. */
static enum gw_status find_language(struct run *run) {
    struct gw_annotation *annotation = run->annotation;
    struct gw_language_found found = gw_language_find(&run->text, run->model);
    enum gw_language_said said = gw_language_said(run->article->language);
    annotation->language = found.code;
    annotation->flags |= found.mixed ? GW_FLAG_MIXED_LANGUAGE : 0;
    bool other = said == GW_LANGUAGE_OTHER || (found.code.data && !found.english);
    if (said == GW_LANGUAGE_ENGLISH) {
        annotation->language = GW_STR("en");
        other = false;
    } else if (said == GW_LANGUAGE_OTHER) {
        char *code = gw_arena_take(run->arena, 2);
        if (!code) {
            return GW_NO_MEMORY;
        }
        struct gw_str given = gw_language_code(run->article->language, code);
        annotation->language = given.data || found.english ? given : found.code;
    }
    run->skips = other && run->options->other_languages == GW_OTHER_LANGUAGES_SKIP;
    return GW_OK;
}

static enum gw_status run_text(struct run *run) {
    struct gw_work share = {run->work.left / TEXT_SHARE, false};
    uint64_t given = share.left;
    enum gw_status status = set_fields(run);
    struct gw_arena_mark mark = gw_arena_mark(run->arena);
    if (status == GW_OK) {
        status = gw_tokens_add(&run->text, GW_FIELD_TITLE, run->model, &share, run->arena);
    }
    run->text.title_count = run->text.token_count;
    if (status == GW_OK && !share.ended) {
        status = gw_tokens_add(&run->text, GW_FIELD_BODY, run->model, &share, run->arena);
    }
    const struct gw_arena_piece tokens = {(void **)&run->text.tokens,
                                          run->text.token_count * sizeof *run->text.tokens};
    gw_arena_rewind(run->arena, mark, &tokens, 1);
    run->work.left -= given - share.left;
    run->work.ended = share.ended;
    run->annotation->token_count = run->text.token_count;
    if (status == GW_OK) {
        status = find_language(run);
    }
    return status == GW_OK && !run->skips ? gw_sentences_find(&run->text, run->model, run->arena) : status;
}

static enum gw_status run_tagger(struct run *run) {
    struct gw_arena_mark mark = gw_arena_mark(run->arena);
    enum gw_status status = gw_tagger_find(&run->text, run->model, &run->work, run->arena, &run->spans);
    if (status == GW_OK) {
        const struct gw_arena_piece spans = {(void **)&run->spans.items,
                                             run->spans.count * sizeof *run->spans.items};
        gw_arena_rewind(run->arena, mark, &spans, 1);
    }
    return status;
}

static struct gw_span span_of(const struct run *run, struct gw_token_range range) {
    return range.first == GW_NO_INDEX ? (struct gw_span){0, 0, GW_FIELD_BODY}
                                      : gw_text_span(&run->text, range.first, range.last);
}

/* The entity that is named from this token on, or GW_NO_INDEX. */
static uint32_t entity_at(const struct run *run, uint32_t token) {
    for (uint32_t i = 0; i < run->spans.count && run->spans.items[i].first <= token; i++) {
        if (run->spans.items[i].first == token) {
            return run->entities.of_span[i];
        }
    }
    return GW_NO_INDEX;
}

static enum gw_status set_dateline(struct run *run) {
    const struct gw_dateline_tokens *found = &run->entities.dateline;
    struct gw_byline *byline = &run->annotation->byline;
    run->annotation->dateline = (struct gw_dateline){
        span_of(run, found->line), entity_at(run, found->place.first), entity_at(run, found->agency.first)};
    byline->span = span_of(run, found->byline);
    byline->authors = gw_arena_take(run->arena, found->author_count * sizeof *byline->authors);
    if (!byline->authors) {
        return GW_NO_MEMORY;
    }
    for (; byline->author_count < found->author_count; byline->author_count++) {
        struct gw_token_range author = found->authors[byline->author_count];
        byline->authors[byline->author_count] = gw_text_cut(&run->text, author.first, author.last);
    }
    return GW_OK;
}

static enum gw_status run_entities(struct run *run) {
    enum gw_status status = gw_token_classes_make(&run->text, run->model, run->arena);
    if (status == GW_OK && run->options->gazetteer) {
        status = gw_user_names_find(run->options->gazetteer, &run->text, run->arena, &run->spans);
    }
    if (status == GW_OK) {
        gw_events_find(&run->text, &run->spans);
        gw_country_codes_set(&run->text, run->model, &run->spans);
        const struct gw_names_context context = {run->model, run->options->gazetteer, run->options->limits};
        status = gw_names_join(&run->text, &context, &run->spans, run->arena, &run->entities);
    }
    if (status == GW_OK) {
        status = set_dateline(run);
    }
    struct gw_values values = {NULL, 0};
    if (status == GW_OK) {
        status = gw_values_find(&run->text, &run->spans, run->model, gw_values_published(run->article),
                                &run->work, run->arena, &values);
    }
    run->work.ended = run->work.ended || run->entities.cut;
    run->annotation->entities = run->entities.items;
    run->annotation->entity_count = run->entities.count;
    run->annotation->values = values.items;
    run->annotation->value_count = values.count;
    return status;
}

/* What was only needed to find these is given back. */
static void keep_sentiment(struct run *run, struct gw_arena_mark mark) {
    struct gw_annotation *annotation = run->annotation;
    const struct gw_arena_piece kept[] = {
        {(void **)&annotation->markers, annotation->marker_count * sizeof *annotation->markers},
        {(void **)&annotation->sentences, annotation->sentence_count * sizeof *annotation->sentences},
        {(void **)&annotation->targets, annotation->target_count * sizeof *annotation->targets}};
    gw_arena_rewind(run->arena, mark, kept, sizeof kept / sizeof *kept);
}

static enum gw_status run_sentiment(struct run *run) {
    struct gw_arena_mark mark = gw_arena_mark(run->arena);
    struct gw_markers_found markers;
    enum gw_status status = gw_markers_find(&run->text, &run->spans, run->model, run->options->markers,
                                            &run->work, run->arena, &markers);
    if (status == GW_OK) {
        status = gw_targets_set_entities(&run->text, run->model, &run->spans, &markers, run->arena,
                                         &run->entities);
    }
    if (status == GW_OK) {
        status = gw_targets_score(&run->text, run->model, &run->spans, &markers, &run->seen, run->arena,
                                  &run->annotation->targets);
    }
    if (status == GW_OK) {
        run->annotation->target_count = run->article->target_count;
        status = gw_scores_set(&run->text, run->model, &markers, run->arena, run->annotation);
    }
    if (status == GW_OK) {
        keep_sentiment(run, mark);
    }
    return status;
}

static enum gw_status run_document(struct run *run) {
    struct gw_annotation *annotation = run->annotation;
    annotation->content_hash = gw_fingerprint_content(run->article->title, run->article->body);
    annotation->simhash = gw_fingerprint_similar(&run->text);
    struct gw_quotes quotes;
    enum gw_status status =
        gw_quotes_find(&run->text, run->model, &run->spans, &run->entities, &run->work, run->arena, &quotes);
    gw_quotes_claim_markers(&quotes, annotation->markers, annotation->marker_count);
    annotation->quotes = quotes.items;
    annotation->quote_count = quotes.count;
    return status;
}

/* Another language: fingerprints, and all else empty. */
static enum gw_status skip_article(struct run *run) {
    struct gw_annotation *annotation = run->annotation;
    annotation->targets =
        gw_arena_take_zeroed(run->arena, run->article->target_count, sizeof *annotation->targets);
    if (!annotation->targets || gw_token_classes_make(&run->text, run->model, run->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    annotation->target_count = run->article->target_count;
    for (size_t i = 0; i < annotation->target_count; i++) {
        annotation->targets[i].label = GW_NEUTRAL;
    }
    annotation->content_hash = gw_fingerprint_content(run->article->title, run->article->body);
    annotation->simhash = gw_fingerprint_similar(&run->text);
    annotation->sentiment.norm = gw_model_setting(run->model, GW_SETTING_DOCUMENT_NORM);
    annotation->flags |= GW_FLAG_LANGUAGE_SKIPPED;
    return GW_OK;
}

static enum gw_status run_stages(struct run *run) {
    static enum gw_status (*const stages[GW_ANNOTATE_STAGE_COUNT])(struct run *) = {
        [GW_STAGE_TEXT] = run_text,         [GW_STAGE_TAGGER] = run_tagger,
        [GW_STAGE_ENTITIES] = run_entities, [GW_STAGE_SENTIMENT] = run_sentiment,
        [GW_STAGE_DOCUMENT] = run_document,
    };
    for (int stage = 0; stage < GW_ANNOTATE_STAGE_COUNT; stage++) {
        enum gw_status status = stages[stage](run);
        if (status != GW_OK) {
            return status;
        }
        if (run->options->observe) {
            run->options->observe(run->options->observe_context, (enum gw_annotate_stage)stage);
        }
        if (run->skips) {
            return skip_article(run);
        }
    }
    return GW_OK;
}

static void to_given(const struct run *run, struct gw_span *span) {
    if (span->field == GW_FIELD_BODY) {
        *span = gw_html_to_given(&run->html, *span);
    }
}

/* All spans so far are in the HTML's text. */
static void place_in_given(struct run *run) {
    struct gw_annotation *annotation = run->annotation;
    for (size_t i = 0; i < annotation->sentence_count; i++) {
        to_given(run, &annotation->sentences[i].span);
    }
    for (size_t i = 0; i < annotation->entity_count; i++) {
        for (size_t m = 0; m < annotation->entities[i].mention_count; m++) {
            to_given(run, &annotation->entities[i].mentions[m].span);
        }
    }
    for (size_t i = 0; i < annotation->value_count; i++) {
        to_given(run, &annotation->values[i].span);
    }
    for (size_t i = 0; i < annotation->quote_count; i++) {
        to_given(run, &annotation->quotes[i].span);
        to_given(run, &annotation->quotes[i].cue);
    }
    for (size_t i = 0; i < annotation->marker_count; i++) {
        to_given(run, &annotation->markers[i].span);
    }
    to_given(run, &annotation->dateline.span);
    to_given(run, &annotation->byline.span);
}

static void place_html(struct run *run) {
    if (run->reads_html && run->options->html_offsets == GW_HTML_STRIPPED) {
        run->annotation->stripped_body = run->html.text;
        run->annotation->stripped_targets = run->seen.targets;
    } else if (run->reads_html) {
        place_in_given(run);
    }
}

enum gw_status gw_annotate(const struct gw_model *model, const struct gw_annotate_options *options,
                           const struct gw_article *article, struct gw_arena *arena,
                           struct gw_annotation *annotation, struct gw_error *error) {
    struct run run = {.model = model,
                      .options = options,
                      .article = article,
                      .arena = arena,
                      .annotation = annotation,
                      .work = {options->budget, false}};
    *annotation = (struct gw_annotation){.sentiment = {.label = GW_NEUTRAL}};
    enum gw_status status = run_stages(&run);
    if (status != GW_OK) {
        return gw_fail(error, status, GW_NO_POSITION,
                       "the article's annotation needs more memory than there is");
    }
    place_html(&run);
    annotation->flags |= run.work.ended ? GW_FLAG_PARTIAL : 0;
    return GW_OK;
}
