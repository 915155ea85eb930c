xen-y += arch/x86/emulate/alu.o
xen-y += arch/x86/emulate/decode.o
xen-y += arch/x86/emulate/emulate.o
xen-y += arch/x86/emulate/emulate_sse.o
xen-y += arch/x86/emulate/emulate_string.o
xen-y += arch/x86/emulate/operand.o
