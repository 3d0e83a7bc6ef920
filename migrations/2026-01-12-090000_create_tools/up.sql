-- Create tools
CREATE TABLE tools (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    shelf TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX ix_tools_name ON tools (name);
