-- Each member of the team may see hours in a time zone of their own.

-- A name like Asia/Seoul; null for the campaign's zone, and for members who left.
ALTER TABLE members ADD COLUMN zone TEXT;
