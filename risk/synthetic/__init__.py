"""The synthetic district: invented children, agencies' extracts about them, and a truth to judge the work by."""
