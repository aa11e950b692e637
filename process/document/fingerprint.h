/* Fingerprints: the same text, and nearly the same text. */
#ifndef GW_PROCESS_DOCUMENT_FINGERPRINT_H
#define GW_PROCESS_DOCUMENT_FINGERPRINT_H

#include "base/hash.h"
#include "process/text/tokens.h"

/* Over the bytes of title and body as given. */
struct gw_hash128 gw_fingerprint_content(const struct gw_text *text);

/* Charikar's simhash over shingles of GW_SHINGLE_WORDS words and numbers, folded as the model folds them:
 * texts that share most shingles differ in few of the 64 bits. 0 for text without words. */
uint64_t gw_fingerprint_similar(const struct gw_text *text);

#define GW_SHINGLE_WORDS 3U

#endif
