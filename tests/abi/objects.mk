# The public headers against Debian's libxen-dev, and a proof that the comparison can fail.
.PHONY: check-abi
check-abi:
	$(Q)python3 tests/abi/check_abi.py --compat xen/include
	$(Q)python3 tests/abi/check_abi.py --compat xen/include --self-test
