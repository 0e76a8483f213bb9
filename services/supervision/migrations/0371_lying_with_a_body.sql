-- What lies with a body, the nearest due day first.
CREATE INDEX view_items_lying ON view_items (area, body, due_on, matter, item)
    WHERE in_scope AND state IN ('submitted', 'received', 'accepted', 'correcting', 'suspended');
