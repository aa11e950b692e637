/* The one door into process/: an article in, an annotation out. No I/O, no clock, no globals. */
#ifndef GW_PROCESS_ANNOTATE_H
#define GW_PROCESS_ANNOTATE_H

#include "base/arena.h"
#include "process/model.h"
#include "schemas/annotation.h"
#include "schemas/article.h"

/* Stages, in order; `bench` times them through the observer. */
enum gw_annotate_stage {
    GW_STAGE_TEXT,      /* tokens and sentences */
    GW_STAGE_TAGGER,    /* mentions of names */
    GW_STAGE_ENTITIES,  /* names joined, by salience, and values */
    GW_STAGE_SENTIMENT, /* markers and scores */
    GW_STAGE_DOCUMENT,  /* quotes, fingerprints */
    GW_ANNOTATE_STAGE_COUNT
};
const char *gw_annotate_stage_name(enum gw_annotate_stage stage);

/* Work units that one article may cost by default. Text may take a quarter, GW_TOKEN_WORK for each token: so
 * 250,000 words and marks are annotated, for which a worker's share of memory is enough whatever they are. */
#define GW_ANNOTATE_BUDGET_DEFAULT UINT64_C(20000000)

enum gw_markers { GW_MARKERS_MAIN, GW_MARKERS_FULL };

struct gw_user_gazetteer; /* process/entities/links/user_gazetteer.h */

/* What becomes of articles in another language than English: fingerprints and the flag
 * GW_FLAG_LANGUAGE_SKIPPED, or all that is found in English. */
enum gw_other_languages { GW_OTHER_LANGUAGES_SKIP, GW_OTHER_LANGUAGES_ANNOTATE };

/* Where the spans of an HTML body point: into the body as given, or into its text without tags, which the
 * annotation then has. */
enum gw_html_offsets { GW_HTML_GIVEN, GW_HTML_STRIPPED };

struct gw_annotate_options {
    const struct gw_limits *limits;
    const struct gw_user_gazetteer *gazetteer; /* the user's own, or NULL */
    enum gw_markers markers;                   /* MAIN leaves weak context markers to `rest` */
    enum gw_other_languages other_languages;
    enum gw_html_offsets html_offsets;
    uint64_t budget; /* work units; what is beyond is left out and flagged GW_FLAG_PARTIAL */
    /* Called when a stage has ended; may be NULL. Time is the caller's business. */
    void (*observe)(void *context, enum gw_annotate_stage ended);
    void *observe_context;
};

/* Annotates one article. All memory comes from `arena`; the annotation lives as long as the arena is not
 * reset, the article and the model stay. Deterministic: the same article, options and model give the same
 * annotation on every processor. Thread-safe for different arenas. Fails only with GW_NO_MEMORY, when the
 * arena is at its limit. */
enum gw_status gw_annotate(const struct gw_model *model, const struct gw_annotate_options *options,
                           const struct gw_article *article, struct gw_arena *arena,
                           struct gw_annotation *annotation, struct gw_error *error);

#endif
