<?php
/** The form that finds an order, reviews and stars, by shortcode. */

require __DIR__ . '/runner.php';

const HOSTILE = '"><script>alert(1)</script>\'&amp;<b onmouseover=x>';

/** A page in which the shortcode stands; nobody is logged in, and there is no product. */
function shown( $text, $post = array() ) {
	Doorstep\register_blocks();
	stand_on( $post + array( 'post_content' => $text ) );
	do_action( 'wp_enqueue_scripts' );
	return do_shortcode( $text );
}

/** What could only be there if a text had become markup. */
function is_tame( $html ) {
	no( strpos( $html, '<script' ), $html );
	no( strpos( $html, '<b ' ), $html );
	$parsed = new DOMless( $html );
	same( array(), array_filter( $parsed->attributes, static fn( $name ) => 0 === strpos( $name, 'on' ) ), $html );
}

/** Tags and the names of their attributes, as a browser finds them. */
class DOMless {
	public $attributes = array();

	public function __construct( $html ) {
		preg_match_all( '/<[a-z][a-z0-9-]*((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/', $html, $tags );
		foreach ( $tags[1] as $inside ) {
			preg_match_all( '/([a-z-]+)(?:="[^"]*")?/', $inside, $names );
			$this->attributes = array_merge( $this->attributes, $names[1] );
		}
		same( substr_count( preg_replace( '/"[^"]*"/', '', $html ), '<' ), count( $tags[0] ) + substr_count( $html, '</' ), "no tag is broken:\n$html" );
	}
}

function styles() {
	return array_keys( array_filter( $GLOBALS['wordpress_styles'], static fn( $one ) => $one['wanted'] ) );
}

function scripts() {
	return array_keys( array_filter( $GLOBALS['wordpress_scripts'], static fn( $one ) => $one['wanted'] ) );
}

test(
	'nothing is shown, and nothing is loaded, while we are not connected',
	function () {
		new_product( 7 );
		foreach ( array( '[doorstep_tracking]', '[doorstep_reviews product="7"]', '[doorstep_stars product="7"]' ) as $text ) {
			same( '', shown( $text ) );
		}
		same( array( array(), array() ), array( styles(), scripts() ) );
	}
);

test(
	'the form posts to our page, with labels, without any script',
	function () {
		connect();
		$html = shown( '[doorstep_tracking]' );
		yes( false !== strpos( $html, '<form method="post" action="https://shop.example/apps/doorstep/track">' ), $html );
		same( 1, preg_match_all( '/<label for="(doorstep-number-\d+)">.*?id="\1" name="number" value=""/s', $html ) );
		same( 1, preg_match_all( '/<label for="(doorstep-proof-\d+)">.*?id="\1" name="proof" value=""/s', $html ) );
		yes( false !== strpos( $html, 'Where is my order?' ) );
		same( array( array( 'doorstep' ), array() ), array( styles(), scripts() ) );
		is_tame( $html );
	}
);

test(
	'two forms in one page have ids of their own',
	function () {
		connect();
		$html = shown( '[doorstep_tracking] [doorstep_tracking]' );
		preg_match_all( '/ id="([^"]+)"/', $html, $ids );
		same( 6, count( $ids[1] ) );
		same( 6, count( array_unique( $ids[1] ) ) );
	}
);

test(
	'words of the merchant are words',
	function () {
		connect();
		$html = Doorstep\tracking_shortcode( array( 'heading' => HOSTILE, 'text' => HOSTILE, 'action' => 'https://evil.example', 'number' => 'x' ) );
		is_tame( $html );
		same( 2, substr_count( $html, esc_html( HOSTILE ) ) );
		no( strpos( $html, 'evil.example' ) );
	}
);

test(
	'whoever is logged in finds the last order filled in, as text',
	function () {
		connect();
		new_order( 31, array( 'customer_id' => 2, 'created' => 100, 'number' => 'OLD', 'email' => 'old@shop.example' ) );
		new_order( 32, array( 'customer_id' => 2, 'created' => 200, 'number' => HOSTILE, 'email' => '"o<t>to"@shop.example' ) );
		new_order( 33, array( 'customer_id' => 3, 'created' => 300, 'number' => 'OTHERS', 'email' => 'eva@shop.example' ) );
		new_order( 34, array( 'customer_id' => 0, 'created' => 400, 'number' => 'GUEST', 'email' => 'guest@shop.example' ) );
		$html = shown( '[doorstep_tracking]' );
		same( 2, substr_count( $html, ' value=""' ), $html );
		wp_set_current_user( 2 );
		$html = shown( '[doorstep_tracking]' );
		yes( false !== strpos( $html, 'name="number" value="' . esc_attr( HOSTILE ) . '"' ), $html );
		yes( false !== strpos( $html, 'name="proof" value="&quot;o&lt;t&gt;to&quot;@shop.example"' ), $html );
		is_tame( $html );
		foreach ( array( 'no', 'NO', 'false', '0', 'off' ) as $word ) {
			no( strpos( shown( '[doorstep_tracking prefill="' . $word . '"]' ), 'shop.example"' ), $word );
		}
	}
);

test(
	'without an order it is the address of the account',
	function () {
		connect();
		wp_set_current_user( 2 );
		yes( false !== strpos( shown( '[doorstep_tracking]' ), 'name="proof" value="otto@shop.example"' ) );
	}
);

test(
	'reviews and stars are elements with the product that was named, and bring their script',
	function () {
		connect();
		$html = shown( '[doorstep_reviews product="12"]' );
		yes( false !== strpos( $html, '<doorstep-reviews product="12" base="/apps/doorstep" how></doorstep-reviews>' ), $html );
		is_tame( $html );
		same( array( 'doorstep-reviews' ), scripts() );
		$kept = $GLOBALS['wordpress_scripts']['doorstep-reviews'];
		same( 'https://app.example/static/widgets/reviews.js', $kept['address'] );
		same( array( 'doorstep-stars' ), $kept['needs'] );
		same( array( Doorstep\VERSION, 'defer', true ), array( $kept['version'], $kept['args']['strategy'], $kept['args']['in_footer'] ) );
		same( 'https://app.example/static/widgets/stars.js', $GLOBALS['wordpress_scripts']['doorstep-stars']['address'] );
		no( strpos( shown( '[doorstep_reviews product="12" how="no"]' ), ' how>' ) );
		yes( false !== strpos( shown( '[doorstep_stars product="13"]' ), '<doorstep-stars product="13" base="/apps/doorstep"></doorstep-stars>' ) );
	}
);

test(
	'a page of a product needs no number, another page shows nothing',
	function () {
		connect();
		new_product( 21 );
		yes( false !== strpos( shown( '[doorstep_stars]', array( 'ID' => 21, 'post_type' => 'product' ) ), 'product="21"' ) );
		same( '', shown( '[doorstep_stars]', array( 'ID' => 22 ) ) );
		same( '', shown( '[doorstep_reviews]' ) );
		same( array(), scripts() );
	}
);

test(
	'a number that is none is none',
	function () {
		connect();
		foreach ( array( '"><script>', '-', 'x7', '0', '' ) as $given ) {
			same( '', Doorstep\stars_shortcode( array( 'product' => $given ) ), $given );
		}
		same( 1, preg_match( '/product="7"/', Doorstep\stars_shortcode( array( 'product' => '7"><script>' ) ) ) );
	}
);

test(
	'no script where the merchant wants none',
	function () {
		connect( array( 'script' => false ) );
		same( '', shown( '[doorstep_reviews product="7"][doorstep_stars product="7"]' ) );
		same( array(), scripts() );
		no( wp_script_is( 'doorstep-stars', 'registered' ) );
		no( '' === shown( '[doorstep_tracking]' ), 'the form needs none' );
	}
);

test(
	'the style is there before the page only where something of ours stands in it',
	function () {
		connect();
		$wants = static function ( $text, $more = array() ) {
			$GLOBALS['wordpress_styles'] = array();
			Doorstep\register_blocks();
			stand_on( $more + array( 'post_content' => $text ) );
			do_action( 'wp_enqueue_scripts' );
			return styles();
		};
		same( array(), $wants( 'Just words of doorstep_tracking' ) );
		same( array(), $wants( '[doorstep_trackings]' ) );
		same( array( 'doorstep' ), $wants( 'x [doorstep_tracking] y' ) );
		same( array( 'doorstep' ), $wants( '<!-- wp:doorstep/stars /-->' ) );
		stand_on( null );
		same( array(), scripts() );
	}
);

test(
	'a shop in a folder, and one with plain permalinks',
	function () {
		connect();
		update_option( 'permalink_structure', '' );
		$html = shown( '[doorstep_tracking][doorstep_stars product="7"]' );
		yes( false !== strpos( $html, 'action="https://shop.example/?doorstep_page=/track"' ), $html );
		yes( false !== strpos( $html, 'base="/?doorstep_page="' ), $html );
		update_option( 'permalink_structure', '/index.php/%postname%/' );
		yes( false !== strpos( shown( '[doorstep_stars product="7"]' ), 'base="/?doorstep_page="' ) );
		update_option( 'permalink_structure', '/%postname%/' );
		putenv( 'WORDPRESS_HOME=https://shop.example/store' );
		connect( array( 'shop' => 'shop.example/store' ) );
		$html = shown( '[doorstep_tracking][doorstep_stars product="7"]' );
		putenv( 'WORDPRESS_HOME' );
		yes( false !== strpos( $html, 'action="https://shop.example/store/apps/doorstep/track"' ), $html );
		yes( false !== strpos( $html, 'base="/store/apps/doorstep"' ), $html );
	}
);
