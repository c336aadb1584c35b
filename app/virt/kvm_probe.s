# 16-bit boot sector -> 32-bit -> 64-bit; runs what an operating system needs; powers off by ACPI
.code16
.globl _start
_start:
  cli
  xorw %ax,%ax
  movw %ax,%ds
  movw %ax,%es
  movw %ax,%ss
  movw $0x7c00,%sp
  # page tables at 0x1000..0x3fff
  movw $0x1000,%di
  xorl %eax,%eax
  movw $3072,%cx
  cld
  rep stosl
  movl $0x2003,0x1000
  movl $0x3003,0x2000
  movl $0x83,0x3000
  lgdtl gdtr
  movl %cr0,%eax
  orb $1,%al
  movl %eax,%cr0
  ljmpl $8,$prot
.code32
prot:
  movw $16,%ax
  movw %ax,%ds
  movw %ax,%ss
  movw %ax,%es
  fninit
  fwait
  movl %cr4,%eax
  orl $0x620,%eax        # PAE, OSFXSR, OSXMMEXCPT
  movl %eax,%cr4
  movl $0x1000,%eax
  movl %eax,%cr3
  movl $0xc0000080,%ecx
  rdmsr
  orl $0x100,%eax
  wrmsr
  movl %cr0,%eax
  andl $0xfffffff3,%eax   # clear EM, TS
  orl $0x80000002,%eax    # PG, MP
  movl %eax,%cr0
  ljmpl $24,$long
.code64
long:
  fninit
  fwait
  movq $0x5000,%rdi
  fxsave64 (%rdi)
  fxrstor64 (%rdi)
  xorps %xmm0,%xmm0
  movaps %xmm0,0x200(%rdi)
  movl $1,%eax
  cpuid
  testl $0x2000,%ecx
  jz 1f
  lock cmpxchg16b 0x200(%rdi)
1:
  movw $0x604,%dx
  movw $0x2000,%ax
  outw %ax,%dx
2: hlt
  jmp 2b
.align 8
gdt:
  .quad 0
  .quad 0x00cf9a000000ffff
  .quad 0x00cf92000000ffff
  .quad 0x00af9a000000ffff
gdtr:
  .word 31
  .long gdt
