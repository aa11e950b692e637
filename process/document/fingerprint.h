/* Fingerprints: the same text, and nearly the same text. */
#ifndef GW_PROCESS_DOCUMENT_FINGERPRINT_H
#define GW_PROCESS_DOCUMENT_FINGERPRINT_H

#include "base/hash.h"
#include "process/text/tokens.h"

/* Over the bytes of title and body as given. */
struct gw_hash128 gw_fingerprint_content(struct gw_str title, struct gw_str body);

/* Charikar's simhash over the words of the body that are no stopwords and its shingles of GW_SHINGLE_WORDS
 * words, folded as the model folds them: texts that share most of them differ in few of the 64 bits. What
 * outlets change when they take over a story counts for nothing: the title, the lead (the first paragraph,
 * the second of a longer story, or GW_LEAD_WORDS words of a very long one), and paragraphs that are short or
 * ask to subscribe (docs/near-duplicates.md). Of a text with little else all words count. 0 for text without
 * words. */
uint64_t gw_fingerprint_similar(const struct gw_text *text);

#define GW_SHINGLE_WORDS 3U
#define GW_LEAD_WORDS    50U

#endif
