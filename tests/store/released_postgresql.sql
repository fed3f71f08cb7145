CREATE TABLE assets (
    id VARCHAR(36) NOT NULL,
    name TEXT NOT NULL,
    category VARCHAR(40) NOT NULL,
    source_category TEXT NOT NULL,
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    postcode TEXT NOT NULL,
    address TEXT NOT NULL,
    website TEXT NOT NULL,
    description TEXT NOT NULL,
    geocode_method VARCHAR(20) NOT NULL,
    geocode_quality TEXT NOT NULL,
    place TEXT,
    area TEXT,
    status VARCHAR(20) NOT NULL,
    review_reason TEXT NOT NULL,
    source TEXT NOT NULL,
    source_row INTEGER,
    source_key VARCHAR(64),
    identity VARCHAR(64) NOT NULL,
    confirmed_on DATE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT assets_have_a_name CHECK (name <> ''),
    CONSTRAINT assets_status CHECK (status IN ('accepted', 'held')),
    CONSTRAINT assets_whole_point CHECK ((longitude IS NULL) = (latitude IS NULL)),
    CONSTRAINT assets_longitude CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT assets_latitude CHECK (latitude BETWEEN -90 AND 90),
    UNIQUE (source_key)
);
CREATE INDEX assets_by_point ON assets (longitude, latitude);
CREATE INDEX ix_assets_category ON assets (category);
CREATE INDEX ix_assets_identity ON assets (identity);
CREATE INDEX ix_assets_place ON assets (place);
CREATE INDEX ix_assets_status ON assets (status);
