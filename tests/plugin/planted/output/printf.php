<?php
// printf with a value that is not escaped.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_order( $order ) {
	printf( '<a href="%s">%s</a>', esc_url( $order->get_view_order_url() ), $order->get_order_number() );
}
