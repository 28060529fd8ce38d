"""What every sample says about itself."""

from __future__ import annotations


def invented(seed: int) -> str:
    """Said in the file: nobody in it is real, and where it comes from."""
    return (
        "人员均为虚构，证件号码用不发放的 3200 区段；单位、场地、日程和成绩是样例。"
        f"本文件由 sample_events/make.py 用种子 {seed} 生成。"
    )
