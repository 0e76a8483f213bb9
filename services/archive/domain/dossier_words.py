"""What does a dossier say of itself, to the person who opens it?"""

README = """\
卷宗 {number}（截至档案位置 {position}）

里面有什么
  data/<库>/events/       这件事的每一条事实，当时写入的原始字节
  data/<库>/proofs/       每条事实在该库日志中的证明（C2SP tlog-proof）
  data/<库>/sm3/          若有：同一批字节在第二棵树（国密 SM3）中的证明
  data/<库>/seal.json     封存：截至某一点没有遗漏
  data/disclosures.txt    您有权看到的个人信息，每行一项（RFC 9901）；
                          未列出的，或未向您提供，或已依法删除
  data/attachments/       您有权看到的电子文件，以 SHA-256 命名
  data/rules/             这件事所依据的政策包、事项目录和日历
  data/timeline.html      全部事实的可读版本，中英对照，任何浏览器可打开
  data/case.ocel.json     对象中心事件日志（OCEL 2.0），供过程分析
  data/ro-crate-metadata.json  本卷宗的描述（RO-Crate 1.1）

怎样核验
  核验程序和信任策略请从您自己的渠道取得，不要用本文件夹里的：
      python3 verify.py 本文件.zip --policy policy.txt
  或者在浏览器里打开 viewer.html，把本文件和策略拖进去。两者都不联网，也不需要我们的软件。
  timeline.html 和 case.ocel.json 是为方便阅读而写的，以 events 里的原始字节为准。

Dossier {number} (as of archive position {position})

What is inside
  data/<store>/events/    every fact of this matter, in the exact bytes in which it was recorded
  data/<store>/proofs/    the proof of each that it is in its store's log (C2SP tlog-proof)
  data/<store>/sm3/       where kept: proofs of the same bytes in a second tree (SM3)
  data/<store>/seal.json  the seal: up to some point nothing was left out
  data/disclosures.txt    personal content that you may see, one item a line (RFC 9901); what is not
                          there was not given to you, or was erased by law
  data/attachments/       documents that you may see, named by their SHA-256
  data/rules/             the policy packs, catalogues and calendars that the matter rests on
  data/timeline.html      every fact to read, in Chinese and English, in any browser
  data/case.ocel.json     object-centric event log (OCEL 2.0), for process mining
  data/ro-crate-metadata.json  a description of this dossier (RO-Crate 1.1)

How to check it
  Get the verifier and the trust policy from your own channel, not from this folder:
      python3 verify.py THIS.zip --policy policy.txt
  or open viewer.html in a browser and drop this file and the policy on it. Neither uses the
  network, neither needs our software. timeline.html and case.ocel.json are made for reading:
  the exact bytes below events/ are what counts.
"""
