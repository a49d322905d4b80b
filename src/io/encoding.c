/* SPDX-License-Identifier: Apache-2.0 */
#include "io/encoding.h"
#include <errno.h>
#include <iconv.h>
#include "base/alloc.h"

enum { RAW = 64 * 1024, BAD_BYTE = 0xFF };

typedef enum mode { MODE_START, MODE_ASCII, MODE_PASS, MODE_ICONV } mode;

struct ys__decoder {
    ys_csv_read_fn *read;
    void *arg;
    mode mode;
    bool eof;
    char name[32];
    iconv_t cd;
    size_t pos, len; /* unread part of raw */
    char raw[RAW];
};

/* Length of the well-formed UTF-8 sequence at `s` (2..4), 0 if there is none; `s[0]` >= 0x80. */
static size_t sequence(const unsigned char *s, size_t n)
{
    unsigned a = s[0];
    if (a >= 0xC2 && a <= 0xDF)
        return n > 1 && (s[1] & 0xC0) == 0x80 ? 2 : 0;
    if ((a & 0xF0) == 0xE0) {
        if (n < 3 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80)
            return 0;
        bool overlong = a == 0xE0 && s[1] < 0xA0, surrogate = a == 0xED && s[1] > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (a >= 0xF0 && a <= 0xF4) {
        if (n < 4 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80 || (s[3] & 0xC0) != 0x80)
            return 0;
        bool overlong = a == 0xF0 && s[1] < 0x90, beyond = a == 0xF4 && s[1] > 0x8F;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

static bool eight_plain(const unsigned char *s)
{
    uint64_t w;
    memcpy(&w, s, 8);
    /* no high bit, and no zero byte (for bytes below 0x80 the subtraction is exact) */
    return ((w | (w - 0x0101010101010101u)) & 0x8080808080808080u) == 0;
}

size_t ys__utf8_check(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t i = 0;
    while (i < n) {
        if (i + 8 <= n && eight_plain(s + i)) {
            i += 8;
        } else if (s[i] < 0x80) {
            if (s[i] == 0)
                return i;
            i++;
        } else {
            size_t k = sequence(s + i, n - i);
            if (k == 0)
                return i;
            i += k;
        }
    }
    return n;
}

static size_t ascii_prefix(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t i = 0;
    while (i < n && s[i] < 0x80)
        i++;
    return i;
}

/* UTF-8 or GB18030? See the header. */
static bool looks_utf8(const char *text, size_t n, bool eof)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < n;) {
        if (s[i] < 0x80) {
            i++;
            continue;
        }
        size_t k = sequence(s + i, n - i);
        if (k == 0 && !eof && n - i < 4)
            break; /* may be cut at the end of the block */
        good += k >= 3;
        bad += k == 0;
        i += k ? k : 1;
    }
    return bad == 0 || good > bad;
}

static bool set_iconv(ys__decoder *d, const char *encoding)
{
    d->cd = iconv_open("UTF-8", encoding);
    if (d->cd == (iconv_t)-1)
        return false;
    (void)snprintf(d->name, sizeof d->name, "%s", encoding);
    d->mode = MODE_ICONV;
    return true;
}

static void set_utf8(ys__decoder *d)
{
    (void)snprintf(d->name, sizeof d->name, "UTF-8");
    d->mode = MODE_PASS;
}

ys__decoder *ys__decoder_new(ys_csv_read_fn *read, void *arg, const char *encoding)
{
    ys__decoder *d = ys_malloc(sizeof *d);
    if (!d) {
        errno = ENOMEM;
        return NULL;
    }
    memset(d, 0, offsetof(ys__decoder, raw));
    d->read = read;
    d->arg = arg;
    d->cd = (iconv_t)-1;
    (void)snprintf(d->name, sizeof d->name, "ASCII");
    if (encoding && strcasecmp(encoding, "UTF-8") != 0 && !set_iconv(d, encoding)) {
        ys_free(d);
        errno = EINVAL;
        return NULL;
    }
    if (encoding && d->mode == MODE_START)
        (void)snprintf(d->name, sizeof d->name, "UTF-8");
    return d;
}

void ys__decoder_free(ys__decoder *d)
{
    if (!d)
        return;
    if (d->cd != (iconv_t)-1)
        (void)iconv_close(d->cd);
    ys_free(d);
}

const char *ys__decoder_name(const ys__decoder *d)
{
    return d->name;
}

/* Fill raw until it holds `want` bytes or the source ends; false: reading failed. */
static bool fill(ys__decoder *d, size_t want)
{
    if (d->pos > 0) {
        memmove(d->raw, d->raw + d->pos, d->len - d->pos);
        d->len -= d->pos;
        d->pos = 0;
    }
    while (!d->eof && d->len < want) {
        int64_t got = d->read(d->arg, d->raw + d->len, RAW - d->len);
        if (got < 0)
            return false;
        d->eof = got == 0;
        d->len += (size_t)got;
    }
    return true;
}

static bool has_bom(const ys__decoder *d, const char *bom, size_t n)
{
    return d->len - d->pos >= n && memcmp(d->raw + d->pos, bom, n) == 0;
}

/* Look at the first bytes. 0 fine, -1 read failed, -2 no such converter. */
static int start(ys__decoder *d)
{
    bool told = strcmp(d->name, "UTF-8") == 0;
    if (!fill(d, 4))
        return -1;
    if (has_bom(d, "\xEF\xBB\xBF", 3)) {
        d->pos += 3;
        set_utf8(d);
    } else if (told) {
        set_utf8(d);
    } else if (has_bom(d, "\xFF\xFE", 2)) {
        d->pos += 2;
        return set_iconv(d, "UTF-16LE") ? 0 : -2;
    } else if (has_bom(d, "\xFE\xFF", 2)) {
        d->pos += 2;
        return set_iconv(d, "UTF-16BE") ? 0 : -2;
    } else {
        d->mode = MODE_ASCII;
    }
    return 0;
}

static int64_t give(ys__decoder *d, char *buf, size_t n, size_t have)
{
    size_t k = have < n ? have : n;
    memcpy(buf, d->raw + d->pos, k);
    d->pos += k;
    return (int64_t)k;
}

/* Hand out the ASCII before the first other byte; when that byte stands first, decide (returns 0). */
static int64_t read_ascii(ys__decoder *d, char *buf, size_t n)
{
    if (d->pos == d->len && !fill(d, 1))
        return -1;
    size_t plain = ascii_prefix(d->raw + d->pos, d->len - d->pos);
    if (plain > 0 || d->pos == d->len)
        return give(d, buf, n, plain);
    if (!fill(d, RAW))
        return -1;
    if (looks_utf8(d->raw, d->len, d->eof))
        set_utf8(d);
    else if (!set_iconv(d, "GB18030"))
        return -2;
    return 0;
}

static int64_t read_iconv(ys__decoder *d, char *buf, size_t n)
{
    char *out = buf;
    size_t room = n;
    while (room > 16) {
        if (d->len - d->pos < 16 && !d->eof && !fill(d, RAW))
            return -1;
        if (d->pos == d->len)
            break;
        char *in = d->raw + d->pos;
        size_t left = d->len - d->pos;
        size_t rc = iconv(d->cd, &in, &left, &out, &room);
        d->pos = d->len - left;
        if (rc != (size_t)-1)
            continue;
        if (errno == E2BIG)
            break;
        if (errno == EINVAL && !d->eof)
            continue; /* a character cut by the end of the block: the next fill completes it */
        *out++ = (char)BAD_BYTE;
        room--;
        d->pos++;
        (void)iconv(d->cd, NULL, NULL, NULL, NULL);
    }
    return (int64_t)(n - room);
}

int64_t ys__decoder_read(ys__decoder *d, char *buf, size_t n)
{
    if (d->mode == MODE_START) {
        int rc = start(d);
        if (rc < 0)
            return rc;
    }
    if (d->mode == MODE_ASCII) {
        int64_t got = read_ascii(d, buf, n);
        if (got != 0 || d->mode == MODE_ASCII)
            return got;
    }
    if (d->mode == MODE_ICONV)
        return read_iconv(d, buf, n);
    if (d->pos < d->len)
        return give(d, buf, n, d->len - d->pos);
    return d->eof ? 0 : d->read(d->arg, buf, n);
}
