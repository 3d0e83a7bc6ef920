-- Create loans
CREATE TABLE loans (
    id INTEGER PRIMARY KEY NOT NULL,
    tool_id INTEGER NOT NULL REFERENCES tools (id),
    member_id INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    lent_on DATE NOT NULL DEFAULT CURRENT_DATE,
    due_on DATE NOT NULL,
    returned_on DATE,
    CHECK (due_on >= lent_on)
);

CREATE INDEX ix_loans_member_id ON loans (member_id);

-- A tool is lent to one member at a time.
CREATE UNIQUE INDEX uq_loans_tool_out ON loans (tool_id) WHERE returned_on IS NULL;
