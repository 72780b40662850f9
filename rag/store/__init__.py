"""What an index keeps on disk: SQLite holds the truth, FAISS and tantivy make it quick to find.

reader.py            an index as one generation has it: all that reading needs
sqlite.py            opening the SQLite file, and saying what is wrong with one
documents.py         documents, their sources and passages; which generation is current
document_writer.py   changes to them
copies.py            near copies of an article
outline.py           a collection in numbers
listing.py           articles in one line each
vectors.py           nearest vectors (FAISS)
lexical.py           BM25 over words (tantivy)
generations.py       folders of FAISS and tantivy files, checksummed, never changed after
transaction.py       a change to all of these, committed at once
creation.py          a new index
names.py             what a user may call a source
check.py             what is wrong with an index
conversations.py     questions and answers kept, in a file of their own
conversation_file.py that file, opened for each use
messages.py          what is kept of them, and answers restored on today's articles
message_rows.py      the same as rows of the file
"""
