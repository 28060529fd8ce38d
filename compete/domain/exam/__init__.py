"""The theory examination as files that anybody can check: question bank, papers, sittings, results.

`docs/exam.md` tells the formats and how every figure is worked out.
"""
