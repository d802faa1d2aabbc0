"""The tables of the catalogue, and how an older file becomes one of today."""

from typing import Final

import apsw

from imaging.errors import CatalogError

APPLICATION_ID: Final = 0x436D4361
"""In the file's header, "CmCa": a file with another one is not ours."""

_FIRST: Final = """
CREATE TABLE migration (
    version INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL
) STRICT;
CREATE TABLE patient (
    patient_row INTEGER PRIMARY KEY,
    issuer TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    nameless_of TEXT NOT NULL, -- the one study of a patient without id; else empty
    pseudonym TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    sex TEXT NOT NULL,
    UNIQUE (issuer, patient_id, nameless_of)
) STRICT;
CREATE INDEX patient_by_id ON patient (patient_id);
CREATE TABLE patient_also ( -- what later headers said otherwise: kept, never taken over
    patient_row INTEGER NOT NULL REFERENCES patient ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (patient_row, field, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE study (
    study_row INTEGER PRIMARY KEY,
    patient_row INTEGER NOT NULL REFERENCES patient ON DELETE CASCADE,
    study_uid TEXT NOT NULL,
    study_id TEXT NOT NULL,
    study_date TEXT NOT NULL,
    description TEXT NOT NULL,
    accession_number TEXT NOT NULL,
    source_group_id TEXT NOT NULL,
    UNIQUE (patient_row, study_uid)
) STRICT;
CREATE INDEX study_by_uid ON study (study_uid);
CREATE INDEX study_by_group ON study (source_group_id) WHERE source_group_id <> '';
CREATE TABLE study_also (
    study_row INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (study_row, field, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
    series_row INTEGER PRIMARY KEY,
    study_row INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
    series_uid TEXT NOT NULL,
    series_number TEXT NOT NULL,
    series_date TEXT NOT NULL,
    description TEXT NOT NULL,
    modality TEXT NOT NULL,
    body_part TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    patient_position TEXT NOT NULL,
    UNIQUE (study_row, series_uid)
) STRICT;
CREATE TABLE volume (
    volume_row INTEGER PRIMARY KEY,
    series_row INTEGER NOT NULL REFERENCES series ON DELETE CASCADE,
    volume_id TEXT NOT NULL,
    store_key TEXT NOT NULL,
    modality TEXT NOT NULL,
    description TEXT NOT NULL,
    space TEXT NOT NULL, -- frame of reference, or the series where there is none
    frame_of_reference_uid TEXT NOT NULL,
    hu INTEGER NOT NULL,
    acquired_on TEXT NOT NULL,
    layout TEXT NOT NULL, -- JSON: shape_kji, spacing_mm, affine_lps, warnings
    imported_at TEXT NOT NULL,
    removed_at TEXT NOT NULL,
    UNIQUE (series_row, volume_id)
) STRICT;
CREATE INDEX volume_by_id ON volume (volume_id);
CREATE TABLE subject (
    subject_row INTEGER PRIMARY KEY,
    group_row INTEGER NOT NULL REFERENCES patient (patient_row) ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    label TEXT NOT NULL,
    UNIQUE (group_row, issuer, patient_id),
    UNIQUE (group_row, label)
) STRICT;
CREATE INDEX subject_by_id ON subject (patient_id);
CREATE TABLE shown_in (
    study_row INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
    subject_row INTEGER NOT NULL REFERENCES subject ON DELETE CASCADE,
    relative_position TEXT NOT NULL,
    PRIMARY KEY (study_row, subject_row)
) STRICT, WITHOUT ROWID;
CREATE TABLE anatomical_frame (
    study_row INTEGER NOT NULL,
    subject_row INTEGER NOT NULL,
    space TEXT NOT NULL,
    axes TEXT NOT NULL, -- JSON: left, posterior, superior in the image's LPS
    basis TEXT NOT NULL,
    disputed INTEGER NOT NULL,
    PRIMARY KEY (study_row, subject_row, space),
    FOREIGN KEY (study_row, subject_row) REFERENCES shown_in ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE study_words USING fts5 (
    words, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0'
);
INSERT INTO study_words (study_words, rank) VALUES ('secure-delete', 1); -- names leave the index
"""

MIGRATIONS: Final = (_FIRST,)
"""From nothing to version 1, and so on: released ones are never edited, new ones are added."""


def migrate(connection: apsw.Connection, migrations: tuple[str, ...] = MIGRATIONS) -> None:
    """Bring the tables to the newest version, within the caller's transaction.

    Raises
    ------
    CatalogError
        The file is of another program, or of a newer version.
    """
    application_id = connection.pragma("application_id")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    if application_id != APPLICATION_ID and (application_id or tables):
        raise CatalogError(
            "the catalogue's file belongs to another program; name another data folder",
            "no_catalog",
        )
    version = connection.execute("SELECT max(version) FROM migration").get if tables else 0
    if version > len(migrations):
        raise CatalogError(
            "the catalogue was written by a newer version of Commissure; update this one",
            "newer_catalog",
        )
    for number, statements in enumerate(migrations[version:], start=version + 1):
        connection.execute(statements)
        connection.execute(
            "INSERT INTO migration VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ'))", (number,)
        )
    if version < len(migrations):
        connection.pragma("application_id", APPLICATION_ID)
