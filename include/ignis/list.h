/* Lists of macro arguments: how many there are, and something made of each. At most 64. */
#ifndef IGNIS_LIST_H
#define IGNIS_LIST_H

/* clang-format off */

/* How many arguments there are, from 1 to 64. */
#define IGNIS_COUNT(...) \
    IGNIS_COUNT_(__VA_ARGS__, 64, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, \
    48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, \
    25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, \
    0)
#define IGNIS_COUNT_( \
    a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, \
    a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, a38, \
    a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53, a54, a55, a56, \
    a57, a58, a59, a60, a61, a62, a63, a64, count, ...) \
    count

/* 1 for one argument, 2 for two to sixteen. */
#define IGNIS_1_OR_2(...) \
    IGNIS_1_OR_2_(__VA_ARGS__, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 0)
#define IGNIS_1_OR_2_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, \
                      which, ...) \
    which

/* One name of two, after their macros are expanded. */
#define IGNIS_JOIN(a, b)  IGNIS_JOIN_(a, b)
#define IGNIS_JOIN_(a, b) a##b

/* f(with, a), f(with, b), ... */
#define IGNIS_MAP(f, with, ...) \
    IGNIS_JOIN(IGNIS_MAP_, IGNIS_COUNT(__VA_ARGS__))(f, with, __VA_ARGS__)
#define IGNIS_MAP_1(f, with, a) f(with, a)
#define IGNIS_MAP_2(f, with, a, ...) f(with, a), IGNIS_MAP_1(f, with, __VA_ARGS__)
#define IGNIS_MAP_3(f, with, a, ...) f(with, a), IGNIS_MAP_2(f, with, __VA_ARGS__)
#define IGNIS_MAP_4(f, with, a, ...) f(with, a), IGNIS_MAP_3(f, with, __VA_ARGS__)
#define IGNIS_MAP_5(f, with, a, ...) f(with, a), IGNIS_MAP_4(f, with, __VA_ARGS__)
#define IGNIS_MAP_6(f, with, a, ...) f(with, a), IGNIS_MAP_5(f, with, __VA_ARGS__)
#define IGNIS_MAP_7(f, with, a, ...) f(with, a), IGNIS_MAP_6(f, with, __VA_ARGS__)
#define IGNIS_MAP_8(f, with, a, ...) f(with, a), IGNIS_MAP_7(f, with, __VA_ARGS__)
#define IGNIS_MAP_9(f, with, a, ...) f(with, a), IGNIS_MAP_8(f, with, __VA_ARGS__)
#define IGNIS_MAP_10(f, with, a, ...) f(with, a), IGNIS_MAP_9(f, with, __VA_ARGS__)
#define IGNIS_MAP_11(f, with, a, ...) f(with, a), IGNIS_MAP_10(f, with, __VA_ARGS__)
#define IGNIS_MAP_12(f, with, a, ...) f(with, a), IGNIS_MAP_11(f, with, __VA_ARGS__)
#define IGNIS_MAP_13(f, with, a, ...) f(with, a), IGNIS_MAP_12(f, with, __VA_ARGS__)
#define IGNIS_MAP_14(f, with, a, ...) f(with, a), IGNIS_MAP_13(f, with, __VA_ARGS__)
#define IGNIS_MAP_15(f, with, a, ...) f(with, a), IGNIS_MAP_14(f, with, __VA_ARGS__)
#define IGNIS_MAP_16(f, with, a, ...) f(with, a), IGNIS_MAP_15(f, with, __VA_ARGS__)
#define IGNIS_MAP_17(f, with, a, ...) f(with, a), IGNIS_MAP_16(f, with, __VA_ARGS__)
#define IGNIS_MAP_18(f, with, a, ...) f(with, a), IGNIS_MAP_17(f, with, __VA_ARGS__)
#define IGNIS_MAP_19(f, with, a, ...) f(with, a), IGNIS_MAP_18(f, with, __VA_ARGS__)
#define IGNIS_MAP_20(f, with, a, ...) f(with, a), IGNIS_MAP_19(f, with, __VA_ARGS__)
#define IGNIS_MAP_21(f, with, a, ...) f(with, a), IGNIS_MAP_20(f, with, __VA_ARGS__)
#define IGNIS_MAP_22(f, with, a, ...) f(with, a), IGNIS_MAP_21(f, with, __VA_ARGS__)
#define IGNIS_MAP_23(f, with, a, ...) f(with, a), IGNIS_MAP_22(f, with, __VA_ARGS__)
#define IGNIS_MAP_24(f, with, a, ...) f(with, a), IGNIS_MAP_23(f, with, __VA_ARGS__)
#define IGNIS_MAP_25(f, with, a, ...) f(with, a), IGNIS_MAP_24(f, with, __VA_ARGS__)
#define IGNIS_MAP_26(f, with, a, ...) f(with, a), IGNIS_MAP_25(f, with, __VA_ARGS__)
#define IGNIS_MAP_27(f, with, a, ...) f(with, a), IGNIS_MAP_26(f, with, __VA_ARGS__)
#define IGNIS_MAP_28(f, with, a, ...) f(with, a), IGNIS_MAP_27(f, with, __VA_ARGS__)
#define IGNIS_MAP_29(f, with, a, ...) f(with, a), IGNIS_MAP_28(f, with, __VA_ARGS__)
#define IGNIS_MAP_30(f, with, a, ...) f(with, a), IGNIS_MAP_29(f, with, __VA_ARGS__)
#define IGNIS_MAP_31(f, with, a, ...) f(with, a), IGNIS_MAP_30(f, with, __VA_ARGS__)
#define IGNIS_MAP_32(f, with, a, ...) f(with, a), IGNIS_MAP_31(f, with, __VA_ARGS__)
#define IGNIS_MAP_33(f, with, a, ...) f(with, a), IGNIS_MAP_32(f, with, __VA_ARGS__)
#define IGNIS_MAP_34(f, with, a, ...) f(with, a), IGNIS_MAP_33(f, with, __VA_ARGS__)
#define IGNIS_MAP_35(f, with, a, ...) f(with, a), IGNIS_MAP_34(f, with, __VA_ARGS__)
#define IGNIS_MAP_36(f, with, a, ...) f(with, a), IGNIS_MAP_35(f, with, __VA_ARGS__)
#define IGNIS_MAP_37(f, with, a, ...) f(with, a), IGNIS_MAP_36(f, with, __VA_ARGS__)
#define IGNIS_MAP_38(f, with, a, ...) f(with, a), IGNIS_MAP_37(f, with, __VA_ARGS__)
#define IGNIS_MAP_39(f, with, a, ...) f(with, a), IGNIS_MAP_38(f, with, __VA_ARGS__)
#define IGNIS_MAP_40(f, with, a, ...) f(with, a), IGNIS_MAP_39(f, with, __VA_ARGS__)
#define IGNIS_MAP_41(f, with, a, ...) f(with, a), IGNIS_MAP_40(f, with, __VA_ARGS__)
#define IGNIS_MAP_42(f, with, a, ...) f(with, a), IGNIS_MAP_41(f, with, __VA_ARGS__)
#define IGNIS_MAP_43(f, with, a, ...) f(with, a), IGNIS_MAP_42(f, with, __VA_ARGS__)
#define IGNIS_MAP_44(f, with, a, ...) f(with, a), IGNIS_MAP_43(f, with, __VA_ARGS__)
#define IGNIS_MAP_45(f, with, a, ...) f(with, a), IGNIS_MAP_44(f, with, __VA_ARGS__)
#define IGNIS_MAP_46(f, with, a, ...) f(with, a), IGNIS_MAP_45(f, with, __VA_ARGS__)
#define IGNIS_MAP_47(f, with, a, ...) f(with, a), IGNIS_MAP_46(f, with, __VA_ARGS__)
#define IGNIS_MAP_48(f, with, a, ...) f(with, a), IGNIS_MAP_47(f, with, __VA_ARGS__)
#define IGNIS_MAP_49(f, with, a, ...) f(with, a), IGNIS_MAP_48(f, with, __VA_ARGS__)
#define IGNIS_MAP_50(f, with, a, ...) f(with, a), IGNIS_MAP_49(f, with, __VA_ARGS__)
#define IGNIS_MAP_51(f, with, a, ...) f(with, a), IGNIS_MAP_50(f, with, __VA_ARGS__)
#define IGNIS_MAP_52(f, with, a, ...) f(with, a), IGNIS_MAP_51(f, with, __VA_ARGS__)
#define IGNIS_MAP_53(f, with, a, ...) f(with, a), IGNIS_MAP_52(f, with, __VA_ARGS__)
#define IGNIS_MAP_54(f, with, a, ...) f(with, a), IGNIS_MAP_53(f, with, __VA_ARGS__)
#define IGNIS_MAP_55(f, with, a, ...) f(with, a), IGNIS_MAP_54(f, with, __VA_ARGS__)
#define IGNIS_MAP_56(f, with, a, ...) f(with, a), IGNIS_MAP_55(f, with, __VA_ARGS__)
#define IGNIS_MAP_57(f, with, a, ...) f(with, a), IGNIS_MAP_56(f, with, __VA_ARGS__)
#define IGNIS_MAP_58(f, with, a, ...) f(with, a), IGNIS_MAP_57(f, with, __VA_ARGS__)
#define IGNIS_MAP_59(f, with, a, ...) f(with, a), IGNIS_MAP_58(f, with, __VA_ARGS__)
#define IGNIS_MAP_60(f, with, a, ...) f(with, a), IGNIS_MAP_59(f, with, __VA_ARGS__)
#define IGNIS_MAP_61(f, with, a, ...) f(with, a), IGNIS_MAP_60(f, with, __VA_ARGS__)
#define IGNIS_MAP_62(f, with, a, ...) f(with, a), IGNIS_MAP_61(f, with, __VA_ARGS__)
#define IGNIS_MAP_63(f, with, a, ...) f(with, a), IGNIS_MAP_62(f, with, __VA_ARGS__)
#define IGNIS_MAP_64(f, with, a, ...) f(with, a), IGNIS_MAP_63(f, with, __VA_ARGS__)

/* f(with, a) + f(with, b) + ... */
#define IGNIS_SUM(f, with, ...) \
    IGNIS_JOIN(IGNIS_SUM_, IGNIS_COUNT(__VA_ARGS__))(f, with, __VA_ARGS__)
#define IGNIS_SUM_1(f, with, a) f(with, a)
#define IGNIS_SUM_2(f, with, a, ...) f(with, a) + IGNIS_SUM_1(f, with, __VA_ARGS__)
#define IGNIS_SUM_3(f, with, a, ...) f(with, a) + IGNIS_SUM_2(f, with, __VA_ARGS__)
#define IGNIS_SUM_4(f, with, a, ...) f(with, a) + IGNIS_SUM_3(f, with, __VA_ARGS__)
#define IGNIS_SUM_5(f, with, a, ...) f(with, a) + IGNIS_SUM_4(f, with, __VA_ARGS__)
#define IGNIS_SUM_6(f, with, a, ...) f(with, a) + IGNIS_SUM_5(f, with, __VA_ARGS__)
#define IGNIS_SUM_7(f, with, a, ...) f(with, a) + IGNIS_SUM_6(f, with, __VA_ARGS__)
#define IGNIS_SUM_8(f, with, a, ...) f(with, a) + IGNIS_SUM_7(f, with, __VA_ARGS__)
#define IGNIS_SUM_9(f, with, a, ...) f(with, a) + IGNIS_SUM_8(f, with, __VA_ARGS__)
#define IGNIS_SUM_10(f, with, a, ...) f(with, a) + IGNIS_SUM_9(f, with, __VA_ARGS__)
#define IGNIS_SUM_11(f, with, a, ...) f(with, a) + IGNIS_SUM_10(f, with, __VA_ARGS__)
#define IGNIS_SUM_12(f, with, a, ...) f(with, a) + IGNIS_SUM_11(f, with, __VA_ARGS__)
#define IGNIS_SUM_13(f, with, a, ...) f(with, a) + IGNIS_SUM_12(f, with, __VA_ARGS__)
#define IGNIS_SUM_14(f, with, a, ...) f(with, a) + IGNIS_SUM_13(f, with, __VA_ARGS__)
#define IGNIS_SUM_15(f, with, a, ...) f(with, a) + IGNIS_SUM_14(f, with, __VA_ARGS__)
#define IGNIS_SUM_16(f, with, a, ...) f(with, a) + IGNIS_SUM_15(f, with, __VA_ARGS__)
#define IGNIS_SUM_17(f, with, a, ...) f(with, a) + IGNIS_SUM_16(f, with, __VA_ARGS__)
#define IGNIS_SUM_18(f, with, a, ...) f(with, a) + IGNIS_SUM_17(f, with, __VA_ARGS__)
#define IGNIS_SUM_19(f, with, a, ...) f(with, a) + IGNIS_SUM_18(f, with, __VA_ARGS__)
#define IGNIS_SUM_20(f, with, a, ...) f(with, a) + IGNIS_SUM_19(f, with, __VA_ARGS__)
#define IGNIS_SUM_21(f, with, a, ...) f(with, a) + IGNIS_SUM_20(f, with, __VA_ARGS__)
#define IGNIS_SUM_22(f, with, a, ...) f(with, a) + IGNIS_SUM_21(f, with, __VA_ARGS__)
#define IGNIS_SUM_23(f, with, a, ...) f(with, a) + IGNIS_SUM_22(f, with, __VA_ARGS__)
#define IGNIS_SUM_24(f, with, a, ...) f(with, a) + IGNIS_SUM_23(f, with, __VA_ARGS__)
#define IGNIS_SUM_25(f, with, a, ...) f(with, a) + IGNIS_SUM_24(f, with, __VA_ARGS__)
#define IGNIS_SUM_26(f, with, a, ...) f(with, a) + IGNIS_SUM_25(f, with, __VA_ARGS__)
#define IGNIS_SUM_27(f, with, a, ...) f(with, a) + IGNIS_SUM_26(f, with, __VA_ARGS__)
#define IGNIS_SUM_28(f, with, a, ...) f(with, a) + IGNIS_SUM_27(f, with, __VA_ARGS__)
#define IGNIS_SUM_29(f, with, a, ...) f(with, a) + IGNIS_SUM_28(f, with, __VA_ARGS__)
#define IGNIS_SUM_30(f, with, a, ...) f(with, a) + IGNIS_SUM_29(f, with, __VA_ARGS__)
#define IGNIS_SUM_31(f, with, a, ...) f(with, a) + IGNIS_SUM_30(f, with, __VA_ARGS__)
#define IGNIS_SUM_32(f, with, a, ...) f(with, a) + IGNIS_SUM_31(f, with, __VA_ARGS__)
#define IGNIS_SUM_33(f, with, a, ...) f(with, a) + IGNIS_SUM_32(f, with, __VA_ARGS__)
#define IGNIS_SUM_34(f, with, a, ...) f(with, a) + IGNIS_SUM_33(f, with, __VA_ARGS__)
#define IGNIS_SUM_35(f, with, a, ...) f(with, a) + IGNIS_SUM_34(f, with, __VA_ARGS__)
#define IGNIS_SUM_36(f, with, a, ...) f(with, a) + IGNIS_SUM_35(f, with, __VA_ARGS__)
#define IGNIS_SUM_37(f, with, a, ...) f(with, a) + IGNIS_SUM_36(f, with, __VA_ARGS__)
#define IGNIS_SUM_38(f, with, a, ...) f(with, a) + IGNIS_SUM_37(f, with, __VA_ARGS__)
#define IGNIS_SUM_39(f, with, a, ...) f(with, a) + IGNIS_SUM_38(f, with, __VA_ARGS__)
#define IGNIS_SUM_40(f, with, a, ...) f(with, a) + IGNIS_SUM_39(f, with, __VA_ARGS__)
#define IGNIS_SUM_41(f, with, a, ...) f(with, a) + IGNIS_SUM_40(f, with, __VA_ARGS__)
#define IGNIS_SUM_42(f, with, a, ...) f(with, a) + IGNIS_SUM_41(f, with, __VA_ARGS__)
#define IGNIS_SUM_43(f, with, a, ...) f(with, a) + IGNIS_SUM_42(f, with, __VA_ARGS__)
#define IGNIS_SUM_44(f, with, a, ...) f(with, a) + IGNIS_SUM_43(f, with, __VA_ARGS__)
#define IGNIS_SUM_45(f, with, a, ...) f(with, a) + IGNIS_SUM_44(f, with, __VA_ARGS__)
#define IGNIS_SUM_46(f, with, a, ...) f(with, a) + IGNIS_SUM_45(f, with, __VA_ARGS__)
#define IGNIS_SUM_47(f, with, a, ...) f(with, a) + IGNIS_SUM_46(f, with, __VA_ARGS__)
#define IGNIS_SUM_48(f, with, a, ...) f(with, a) + IGNIS_SUM_47(f, with, __VA_ARGS__)
#define IGNIS_SUM_49(f, with, a, ...) f(with, a) + IGNIS_SUM_48(f, with, __VA_ARGS__)
#define IGNIS_SUM_50(f, with, a, ...) f(with, a) + IGNIS_SUM_49(f, with, __VA_ARGS__)
#define IGNIS_SUM_51(f, with, a, ...) f(with, a) + IGNIS_SUM_50(f, with, __VA_ARGS__)
#define IGNIS_SUM_52(f, with, a, ...) f(with, a) + IGNIS_SUM_51(f, with, __VA_ARGS__)
#define IGNIS_SUM_53(f, with, a, ...) f(with, a) + IGNIS_SUM_52(f, with, __VA_ARGS__)
#define IGNIS_SUM_54(f, with, a, ...) f(with, a) + IGNIS_SUM_53(f, with, __VA_ARGS__)
#define IGNIS_SUM_55(f, with, a, ...) f(with, a) + IGNIS_SUM_54(f, with, __VA_ARGS__)
#define IGNIS_SUM_56(f, with, a, ...) f(with, a) + IGNIS_SUM_55(f, with, __VA_ARGS__)
#define IGNIS_SUM_57(f, with, a, ...) f(with, a) + IGNIS_SUM_56(f, with, __VA_ARGS__)
#define IGNIS_SUM_58(f, with, a, ...) f(with, a) + IGNIS_SUM_57(f, with, __VA_ARGS__)
#define IGNIS_SUM_59(f, with, a, ...) f(with, a) + IGNIS_SUM_58(f, with, __VA_ARGS__)
#define IGNIS_SUM_60(f, with, a, ...) f(with, a) + IGNIS_SUM_59(f, with, __VA_ARGS__)
#define IGNIS_SUM_61(f, with, a, ...) f(with, a) + IGNIS_SUM_60(f, with, __VA_ARGS__)
#define IGNIS_SUM_62(f, with, a, ...) f(with, a) + IGNIS_SUM_61(f, with, __VA_ARGS__)
#define IGNIS_SUM_63(f, with, a, ...) f(with, a) + IGNIS_SUM_62(f, with, __VA_ARGS__)
#define IGNIS_SUM_64(f, with, a, ...) f(with, a) + IGNIS_SUM_63(f, with, __VA_ARGS__)

/* clang-format on */

#endif
