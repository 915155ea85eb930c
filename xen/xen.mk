# The hypervisor: $(O)/xen/xen-syms (unstripped ELF) and $(O)/xen/xen.gz (what GRUB loads).
.PHONY: install-xen
xen:
install-xen:
