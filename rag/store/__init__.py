"""What an index keeps on disk: SQLite holds the truth, FAISS and tantivy make it quick to find.

    documents.py     documents, their sources and passages; which generation is current (SQLite)
    vectors.py       nearest vectors (FAISS)
    lexical.py       BM25 over words (tantivy)
    generations.py   folders of FAISS and tantivy files, checksummed, never changed once committed
    transaction.py   a change to all of them, committed at once
    check.py         what is wrong with an index
"""
