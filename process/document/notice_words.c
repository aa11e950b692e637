/* Each word has its place by six bits of its hash, and no two share one. */
#include "process/document/notice_words.h"

const struct gw_notice_word gw_notice_words[GW_NOTICE_PLACES] = {
    [1] = {UINT64_C(0xDCDCC330246AC9FE), "youtube"},
    [5] = {UINT64_C(0x8CA65CB8B79BFC63), "instagram"},
    [6] = {UINT64_C(0x751CC738C5103049), "inbox"},
    [7] = {UINT64_C(0x088B7E48F5B8AFC3), "twitter"},
    [10] = {UINT64_C(0x2C2622A151F2CDF2), "read"},
    [12] = {UINT64_C(0x5F434F318CBC3163), "download"},
    [15] = {UINT64_C(0xEE0DD5F1EAC1DC3B), "facebook"},
    [19] = {UINT64_C(0x4061778267B3D0F2), "cookies"},
    [20] = {UINT64_C(0x18F08EAA99FC8F61), "related"},
    [24] = {UINT64_C(0xB927C87B0B662155), "telegram"},
    [32] = {UINT64_C(0x5F6C72F41A0FC720), "app"},
    [37] = {UINT64_C(0xFCD6E0DCBA75E1F9), "click"},
    [38] = {UINT64_C(0x6E8AEF4CDE4C8F39), "newsletter"},
    [45] = {UINT64_C(0xBE950F35A28F9283), "advert"},
    [46] = {UINT64_C(0x59A885BDC5723FB9), "whatsapp"},
    [50] = {UINT64_C(0x7BFD33764D6863BA), "sponsored"},
    [51] = {UINT64_C(0xAC6B00CE7425795C), "follow"},
    [52] = {UINT64_C(0xD4F042A68E328106), "subscribe"},
    [53] = {UINT64_C(0x59EBE0AEBC547211), "advertisement"},
    [60] = {UINT64_C(0xE0B9EDD79D7C2A99), "newsletters"},
    [62] = {UINT64_C(0x43AF3627C6BD9AF0), "sign"},
    [63] = {UINT64_C(0x1F16E32FE8091B4F), "subscription"},
};
