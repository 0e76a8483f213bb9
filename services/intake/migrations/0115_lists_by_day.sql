-- Lists of the front door stand in the order in which somebody waits, not in that of ids, which say
-- nothing. What is open is few among all that ever was.

CREATE INDEX view_contacts_waiting ON view_contacts (received_on, id) WHERE phase = 'open';
CREATE INDEX view_contacts_in_order ON view_contacts (received_on, id);
CREATE INDEX view_questions_waiting ON view_questions (asked_at, consultation) WHERE NOT answered;
CREATE INDEX view_orders_waiting ON view_orders (due_on, id) WHERE phase = 'open';
CREATE INDEX view_told_in_order ON view_told (issued_on, notice);
CREATE INDEX view_matters_waiting ON view_matters (requested_on, id) WHERE state = 'requested';
CREATE INDEX view_outreach_waiting ON view_outreach (opened_on, id) WHERE phase = 'open';
