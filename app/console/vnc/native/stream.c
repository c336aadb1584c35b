/* zlib streams that last for a connection, inflated a pane at a time: by ISA-L, twice as fast, or by zlib. */
#include <stdlib.h>
#include <string.h>

#include "decoders.h"

/* Bytes to inflate and where to; both move on. */
typedef struct {
    const uint8_t *in;
    size_t size;
    uint8_t *out;
    size_t room;
} Piece;

#ifdef HOSTELRY_ISAL

#include <isa-l/igzip_lib.h>

static int make(Stream *stream) {
    struct inflate_state *state = malloc(sizeof *state);
    if (!state) return 0;
    isal_inflate_init(state);
    state->crc_flag = ISAL_ZLIB;
    stream->state = state;
    return 1;
}

void stream_reset(Stream *stream) {
    if (!stream->state) return;
    isal_inflate_init(stream->state);
    ((struct inflate_state *)stream->state)->crc_flag = ISAL_ZLIB;
}

void stream_close(Stream *stream) { free(stream->state); }

/* 0 if the data is broken. */
static int inflate_piece(Stream *stream, Piece *piece) {
    struct inflate_state *state = stream->state;
    state->next_in = (uint8_t *)piece->in;
    state->avail_in = (uint32_t)piece->size;
    state->next_out = piece->out;
    state->avail_out = (uint32_t)piece->room;
    int result = isal_inflate(state);
    *piece = (Piece){state->next_in, state->avail_in, state->next_out, state->avail_out};
    /* Anything after the end of the stream is wrong. */
    return result == ISAL_DECOMP_OK && !(state->block_state == ISAL_BLOCK_FINISH && state->avail_in);
}

#else

#include <zlib.h>

static int make(Stream *stream) {
    z_stream *state = calloc(1, sizeof *state);
    if (!state || inflateInit(state) != Z_OK) {
        free(state);
        return 0;
    }
    stream->state = state;
    return 1;
}

void stream_reset(Stream *stream) {
    if (stream->state) inflateReset(stream->state);
}

void stream_close(Stream *stream) {
    if (stream->state) inflateEnd(stream->state);
    free(stream->state);
}

static int inflate_piece(Stream *stream, Piece *piece) {
    z_stream *state = stream->state;
    state->next_in = (z_const Bytef *)piece->in;
    state->avail_in = (uInt)piece->size;
    state->next_out = piece->out;
    state->avail_out = (uInt)piece->room;
    int result = inflate(state, Z_SYNC_FLUSH);
    *piece = (Piece){state->next_in, state->avail_in, state->next_out, state->avail_out};
    return result == Z_OK || result == Z_BUF_ERROR || (result == Z_STREAM_END && !state->avail_in);
}

#endif

int stream_open(Stream *stream) { return stream->state || make(stream); }

/* Draws from the pane and moves what is left over to its start. */
static int draw_pane(Engine *e) {
    size_t used = e->finished ? 0 : e->draw(e, e->pane, e->filled);
    if (e->problem) return e->problem;
    e->filled -= used;
    memmove(e->pane, e->pane + used, e->filled);
    if (!e->finished) return e->filled == PANE ? BAD_TILE : 0;
    if (e->filled > e->surplus) return TOO_MUCH;
    e->surplus -= e->filled;
    e->filled = 0;
    return 0;
}

/* Inflates `size` bytes and draws what comes out; 0 or a problem. */
int pour(Engine *e, const uint8_t *data, size_t size) {
    Piece piece = {data, size, NULL, 0};
    do {
        size_t before = piece.size;
        piece.out = e->pane + e->filled;
        piece.room = PANE - e->filled;
        if (!inflate_piece(e->stream, &piece)) return BAD_ZLIB;
        int stands = piece.size == before && piece.out == e->pane + e->filled;
        if (stands && before) return BAD_ZLIB;
        e->filled = PANE - piece.room;
        int problem = draw_pane(e);
        if (problem) return problem;
    } while (piece.size || !piece.room);
    return 0;
}
