/* What holds for every annotation, whatever the article: spans on character borders and in order, indices in
 * range, scores that come out of the markers. Each property is given to CHECK, which the includer defines. */
#ifndef GW_TESTS_ANNOTATION_CHECKS_H
#define GW_TESTS_ANNOTATION_CHECKS_H

#include "base/utf8.h"
#include "process/sentiment/squash.h"
#include "schemas/article.h"

static inline void check_span(const struct gw_article *article, struct gw_span span) {
    CHECK(span.field < GW_FIELD_COUNT);
    struct gw_str text = gw_article_text(article, (enum gw_text_field)span.field);
    CHECK(span.start <= span.end && span.end <= text.size);
    CHECK(gw_utf8_floor(text, span.start) == span.start && gw_utf8_floor(text, span.end) == span.end);
}

/* Titles come first; `before` ends where `after` starts, or earlier. */
static inline bool in_order(struct gw_span before, struct gw_span after) {
    return before.field == after.field ? before.end <= after.start : before.field == GW_FIELD_TITLE;
}

static inline void check_entities(const struct gw_article *article, const struct gw_annotation *annotation) {
    for (size_t e = 0; e < annotation->entity_count; e++) {
        const struct gw_entity *entity = &annotation->entities[e];
        CHECK(entity->type < GW_ENTITY_TYPE_COUNT && entity->name.size > 0 && entity->mention_count > 0);
        CHECK(gw_utf8_is_valid(entity->name));
        CHECK(e == 0 || entity->salience <= annotation->entities[e - 1].salience);
        for (size_t m = 0; m < entity->mention_count; m++) {
            check_span(article, entity->mentions[m].span);
            CHECK(entity->mentions[m].sentence < annotation->sentence_count);
            CHECK(m == 0 || in_order(entity->mentions[m - 1].span, entity->mentions[m].span));
        }
    }
}

static inline void check_dateline(const struct gw_article *article, const struct gw_annotation *annotation) {
    const struct gw_dateline *dateline = &annotation->dateline;
    bool there = dateline->span.start < dateline->span.end;
    check_span(article, dateline->span);
    check_span(article, annotation->byline.span);
    CHECK(!there || dateline->place == GW_NO_INDEX || dateline->place < annotation->entity_count);
    CHECK(!there || dateline->agency == GW_NO_INDEX || dateline->agency < annotation->entity_count);
    CHECK(annotation->byline.author_count == 0 || annotation->byline.span.end > 0);
}

static inline void check_scores(const struct gw_annotation *annotation) {
    int64_t total = 0;
    size_t m = 0;
    for (size_t s = 0; s < annotation->sentence_count; s++) {
        const struct gw_sentence *sentence = &annotation->sentences[s];
        int64_t sum = sentence->rest;
        for (; m < annotation->marker_count && (annotation->markers[m].span.field == sentence->span.field &&
                                                annotation->markers[m].span.end <= sentence->span.end);
             m++) {
            CHECK(annotation->markers[m].span.start >= sentence->span.start);
            sum += annotation->markers[m].weight;
        }
        CHECK(sentence->score == gw_squash(sentence->bias + sum, sentence->norm));
        total += sentence->emphasis * sum;
    }
    CHECK(m == annotation->marker_count);
    const struct gw_sentiment *document = &annotation->sentiment;
    int64_t sum = ((int64_t)document->bias + document->rest) * GW_E4_ONE + total;
    CHECK(annotation->sentence_count == 0 ||
          document->score == gw_squash(sum, (int64_t)document->norm * GW_E4_ONE));
}

static inline void check_markers(const struct gw_article *article, const struct gw_annotation *annotation) {
    for (size_t m = 0; m < annotation->marker_count; m++) {
        const struct gw_marker *marker = &annotation->markers[m];
        check_span(article, marker->span);
        CHECK(m == 0 || in_order(annotation->markers[m - 1].span, marker->span));
        CHECK(marker->kind < GW_MARKER_KIND_COUNT);
        CHECK(marker->modifies == GW_NO_INDEX || marker->modifies < annotation->marker_count);
        CHECK(marker->target == GW_NO_INDEX || marker->target < annotation->entity_count);
        CHECK(marker->quote == GW_NO_INDEX || marker->quote < annotation->quote_count);
    }
}

static inline void check_annotation(const struct gw_article *article,
                                    const struct gw_annotation *annotation) {
    for (size_t s = 0; s < annotation->sentence_count; s++) {
        check_span(article, annotation->sentences[s].span);
        CHECK(s == 0 || in_order(annotation->sentences[s - 1].span, annotation->sentences[s].span));
    }
    for (size_t v = 0; v < annotation->value_count; v++) {
        check_span(article, annotation->values[v].span);
        CHECK(v == 0 || in_order(annotation->values[v - 1].span, annotation->values[v].span));
    }
    for (size_t q = 0; q < annotation->quote_count; q++) {
        check_span(article, annotation->quotes[q].span);
        check_span(article, annotation->quotes[q].cue);
        CHECK(q == 0 || in_order(annotation->quotes[q - 1].span, annotation->quotes[q].span));
        CHECK(annotation->quotes[q].speaker == GW_NO_INDEX ||
              annotation->quotes[q].speaker < annotation->entity_count);
    }
    check_entities(article, annotation);
    check_dateline(article, annotation);
    check_markers(article, annotation);
    check_scores(annotation);
    CHECK(annotation->target_count == article->target_count);
}

#endif
